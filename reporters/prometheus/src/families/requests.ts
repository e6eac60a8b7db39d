import type { FlowMetrics, HistogramView, Metrics, Phase } from '@cloudbench/core'
import { counter, histogram, type Family, type Sample } from '../family.ts'
import type { Labels } from '../labels.ts'
import type { Progress } from '../progress.ts'

/** What is counted of each request, by flow and operation. */
export const requestFamilies: readonly Family[] = [
  histogram(
    'cloudbench_request_duration_seconds',
    'Every request. distribution="response": from when it was due, in an open loop, those never sent included as lower bounds. distribution="service": from when it was sent, in a closed loop. distribution="failures": from when it was sent, answered with a failure.',
    function* (progress) {
      for (const { labels, metrics, isOpen } of operationsOf(progress)) {
        const distribution = isOpen ? 'response' : 'service'
        yield { labels: { ...labels, distribution }, histogram: metrics[distribution] }
        yield { labels: { ...labels, distribution: 'failures' }, histogram: metrics.failures }
      }
    },
  ),
  histogram(
    'cloudbench_service_duration_seconds',
    'From when a request was sent: those that succeeded and, as lower bounds, those sent and not answered.',
    (progress) => measured(progress, ({ metrics }) => metrics.service),
  ),
  histogram(
    'cloudbench_lag_seconds',
    'From when a request was due until it was sent, in an open loop.',
    (progress) => measured(progress, ({ metrics, isOpen }) => (isOpen ? metrics.lag : undefined)),
  ),
  counter('cloudbench_requests_total', 'Requests sent, by how they ended.', function* (progress) {
    for (const { labels, metrics } of operationsOf(progress)) {
      for (const [outcome, { count, ok }] of Object.entries(metrics.outcomes))
        yield { labels: { ...labels, outcome, ok: String(ok) }, value: count }
      yield { labels: { ...labels, outcome: 'timed out', ok: 'false' }, value: metrics.timedOut }
      yield { labels: { ...labels, outcome: 'unanswered', ok: 'false' }, value: metrics.unanswered }
    }
  }),
  counter(
    'cloudbench_unsent_total',
    'Requests that came due and were never sent, because no connection was free.',
    function* (progress) {
      for (const { labels, metrics } of operationsOf(progress)) yield { labels, value: metrics.unsent }
    },
  ),
]

interface Measured {
  readonly labels: Labels
  readonly metrics: Metrics
  readonly isOpen: boolean
}

function* operationsOf({ scenario, total }: Progress): Generator<Measured> {
  for (const flow of total.flows) {
    const isOpen = isOpenLoop(flow, scenario.phases)
    for (const [operation, metrics] of Object.entries(flow.operations))
      yield { labels: { flow: flow.flow, operation }, metrics, isOpen }
  }
}

/** A flow with both kinds of load has response times of one part only: service times are those of all its requests. */
function isOpenLoop({ flow }: FlowMetrics, phases: readonly Phase[]): boolean {
  return phases.every(({ kind, loads }) => kind === 'warmup' || loads[flow]?.model !== 'closed')
}

function* measured(
  progress: Progress,
  read: (one: Measured) => HistogramView | undefined,
): Generator<Sample> {
  for (const one of operationsOf(progress)) {
    const found = read(one)
    if (found !== undefined) yield { labels: one.labels, histogram: found }
  }
}
