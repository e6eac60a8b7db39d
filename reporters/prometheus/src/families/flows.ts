import { rateAsked, residencyOf, reuseOf, type FlowMetrics } from '@cloudbench/core'
import { counter, gauge, histogram, type Family, type Sample } from '../family.ts'
import type { Part, Progress } from '../progress.ts'

/** What is known of each flow as a whole. */
export const flowFamilies: readonly Family[] = [
  gauge(
    'cloudbench_asked_requests_per_second',
    'Arrivals per second that the configuration asks for, on average over the measurement. Open loops only.',
    function* ({ scenario }) {
      for (const { name } of scenario.flows) {
        const value = rateAsked({ scenario }, name)
        if (value > 0) yield { labels: { flow: name }, value }
      }
    },
  ),
  gauge('cloudbench_connections', 'Open connections, on average over the last interval.', ({ latest }) =>
    overTime(latest, ({ connections }) => connections.openMs),
  ),
  gauge(
    'cloudbench_requests_in_flight',
    'Requests in flight, on average over the last interval.',
    ({ latest }) => overTime(latest, ({ inFlightMs }) => inFlightMs),
  ),
  counter('cloudbench_connections_opened_total', 'Connections opened.', (progress) =>
    counted(progress, ({ connections }) => connections.opened),
  ),
  counter('cloudbench_connections_refused_total', 'Attempts to open a connection that failed.', (progress) =>
    counted(progress, ({ connections }) => connections.refused),
  ),
  counter('cloudbench_sent_bytes_total', 'Payload bytes sent, as the driver counts them.', (progress) =>
    counted(progress, ({ bytes }) => bytes.sent),
  ),
  counter(
    'cloudbench_received_bytes_total',
    'Payload bytes received, as the driver counts them.',
    (progress) => counted(progress, ({ bytes }) => bytes.received),
  ),
  gauge(
    'cloudbench_residency_ratio',
    "Share of the look-ups in the server's cache that hit, in the last interval.",
    ({ latest }) => read(latest, (flow) => residencyOf([flow])),
  ),
  gauge('cloudbench_reuse_ratio', 'Requests per connection, over the whole measurement.', ({ total }) =>
    read(total, (flow, elapsedMs) => reuseOf({ flows: [flow], elapsedMs }, flow.total.sent)),
  ),
  counter(
    'cloudbench_counted_total',
    'What a driver counts beside the requests, of its own and of the server, by its name.',
    function* ({ total }) {
      for (const { flow, counters } of total.flows)
        for (const [name, value] of Object.entries(counters)) yield { labels: { flow, counter: name }, value }
    },
  ),
  histogram(
    'cloudbench_recorded_seconds',
    'Durations that a driver records beside those of the requests, by their name.',
    function* ({ total }) {
      for (const { flow, recorders } of total.flows)
        for (const [recorder, found] of Object.entries(recorders))
          yield { labels: { flow, recorder }, histogram: found }
    },
  ),
]

function* counted({ total }: Progress, value: (flow: FlowMetrics) => number): Generator<Sample> {
  for (const flow of total.flows) yield { labels: { flow: flow.flow }, value: value(flow) }
}

/** The mean of what a time integral is of. */
function* overTime(
  { startMs, endMs, flows }: Part,
  integralMs: (flow: FlowMetrics) => number,
): Generator<Sample> {
  if (endMs <= startMs) return
  for (const flow of flows) yield { labels: { flow: flow.flow }, value: integralMs(flow) / (endMs - startMs) }
}

/** A value as checks read it; nothing where it has none. */
function* read(
  { startMs, endMs, flows }: Part,
  valueOf: (flow: FlowMetrics, elapsedMs: number) => { readonly value?: number | undefined },
): Generator<Sample> {
  for (const flow of flows) {
    const { value } = valueOf(flow, endMs - startMs)
    if (value !== undefined) yield { labels: { flow: flow.flow }, value }
  }
}
