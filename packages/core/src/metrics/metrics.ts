import type { FlowMetrics, HistogramView, Metrics, OutcomeCount, PhaseResult } from '../plugin/model.ts'
import { derivedCounts, flowCounts, operationCounts, operationDistributions } from '../plugin/record.ts'
import { Histogram } from './histogram.ts'
import { mapEach, sumOf } from './record.ts'

const counts = { ...operationCounts, ...derivedCounts }

/** Adds metrics of different operations, flows, workers or stretches of time. Exact, in any order. */
export function sumMetrics(parts: readonly Metrics[]): Metrics {
  if (parts.length === 1) return parts[0]!
  const outcomes: Record<string, OutcomeCount> = {}
  for (const part of parts)
    for (const [name, { count, ...rest }] of Object.entries(part.outcomes)) {
      const known = outcomes[name]
      outcomes[name] = { ...rest, ...known, count: count + (known?.count ?? 0) }
    }
  return {
    ...sumOf(counts, parts),
    ...mapEach(operationDistributions, (name) => Histogram.sum(parts.map((part) => part[name]))),
    outcomes,
  }
}

/** The zero of addition. */
export const emptyMetrics: Metrics = sumMetrics([])

/** Adds what one flow did in different workers or stretches of time. */
export function sumFlow(flow: string, parts: readonly FlowMetrics[]): FlowMetrics {
  const operations: Record<string, Metrics> = {}
  for (const name of new Set(parts.flatMap((part) => Object.keys(part.operations))))
    operations[name] = sumMetrics(parts.flatMap((part) => part.operations[name] ?? []))
  return { ...sumRest(parts), flow, operations, total: sumMetrics(Object.values(operations)) }
}

/** Adds lists of flows by name, in the order in which the names first appear. */
export function sumFlowLists(lists: ReadonlyArray<readonly FlowMetrics[]>): FlowMetrics[] {
  const byName = new Map<string, FlowMetrics[]>()
  for (const part of lists.flat()) {
    const parts = byName.get(part.flow)
    if (parts) parts.push(part)
    else byName.set(part.flow, [part])
  }
  return Array.from(byName, ([name, parts]) => sumFlow(name, parts))
}

/** The total over different flows, as if they were one. Its operations are prefixed by their flow: `flow/operation`. */
export function sumFlows(flows: readonly FlowMetrics[]): FlowMetrics {
  const operations: Record<string, Metrics> = {}
  for (const { flow, operations: own } of flows)
    for (const [name, metrics] of Object.entries(own)) operations[`${flow}/${name}`] = metrics
  return { ...sumRest(flows), flow: 'total', operations, total: sumMetrics(flows.map(({ total }) => total)) }
}

function sumRest(parts: readonly FlowMetrics[]): Omit<FlowMetrics, 'flow' | 'operations' | 'total'> {
  const counters: Record<string, number> = {}
  for (const part of parts)
    for (const [name, value] of Object.entries(part.counters)) counters[name] = (counters[name] ?? 0) + value
  const recorders: Record<string, HistogramView> = {}
  for (const name of new Set(parts.flatMap((part) => Object.keys(part.recorders))))
    recorders[name] = Histogram.sum(parts.flatMap((part) => part.recorders[name] ?? []))
  return { ...sumOf(flowCounts, parts), counters, recorders }
}

/** What was measured, over some time. */
export interface Measured {
  readonly flows: readonly FlowMetrics[]
  readonly elapsedMs: number
}

/** The measure phases of a scenario as one. Warm-up is left out. */
export function measuredOf({ phases }: { readonly phases: readonly PhaseResult[] }): Measured {
  const measured = phases.filter(({ phase }) => phase.kind === 'measure')
  return {
    flows: sumFlowLists(measured.map(({ flows }) => flows)),
    elapsedMs: measured.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
  }
}

/** Requests that went wrong: answered with a failure, timed out, or never answered. */
export function errorsOf({ failed, timedOut, unanswered }: Metrics): number {
  return failed + timedOut + unanswered
}

/** The share of the requests sent that went wrong; NaN when none was sent. */
export function errorShareOf(metrics: Metrics): number {
  return metrics.sent === 0 ? Number.NaN : errorsOf(metrics) / metrics.sent
}

/** Requests answered until the end of the schedule; in a closed loop, one that was on its way then counts in part. */
export function answeredInTime({ ok, failed, lateShare }: Metrics): number {
  return ok + failed - lateShare
}

/** Answered requests per second. */
export function ratePerSecond(metrics: Metrics, elapsedMs: number): number {
  return elapsedMs > 0 ? (answeredInTime(metrics) * 1000) / elapsedMs : 0
}

/** What went wrong, the most frequent first, with what the server said: `503: HTTP/1.1 503 Service Unavailable`. */
export function failuresOf(outcomes: Metrics['outcomes']): string[] {
  return Object.entries(outcomes)
    .filter(([, { ok, count }]) => !ok && count > 0)
    .toSorted(([, a], [, b]) => b.count - a.count)
    .map(([name, { example }]) => (example === undefined ? name : `${name}: ${example}`))
}
