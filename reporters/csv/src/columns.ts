import { errorsOf, ratePerSecond, type FlowMetrics, type HistogramView, type Metrics } from '@cloudbench/core'
import type { Cell } from './cell.ts'

/** Columns of what was measured, by their names, which end in their unit; what has none is a count. */
export type Columns = readonly (readonly [name: string, value: Cell])[]

/** Of a flow, or of one of its operations. */
export function metricColumns(metrics: Metrics, elapsedMs: number): Columns {
  const { scheduled, sent, ok, failed, timedOut, unanswered, unsent } = metrics
  return [
    ['scheduled', scheduled],
    ['sent', sent],
    ['ok', ok],
    ['failed', failed],
    ['timed_out', timedOut],
    ['unanswered', unanswered],
    ['unsent', unsent],
    ['errors', errorsOf(metrics)],
    ['rate_per_sec', elapsedMs > 0 ? rounded(ratePerSecond(metrics, elapsedMs)) : undefined],
    ...timeColumns('response', metrics.response),
    ...timeColumns('service', metrics.service),
    ...timeColumns('lag', metrics.lag),
  ]
}

/** Of a flow as a whole; of an operation they are empty. */
export function flowColumns(flow: FlowMetrics | undefined, elapsedMs: number): Columns {
  const mean = (integralMs: number | undefined): Cell =>
    integralMs === undefined || elapsedMs <= 0 ? undefined : rounded(integralMs / elapsedMs)
  return [
    ['connections_mean', mean(flow?.connections.openMs)],
    ['connections_opened', flow?.connections.opened],
    ['connections_refused', flow?.connections.refused],
    ['in_flight_mean', mean(flow?.inFlightMs)],
    ['sent_bytes', flow?.bytes.sent],
    ['received_bytes', flow?.bytes.received],
  ]
}

const quantiles = [
  ['p50', 50],
  ['p90', 90],
  ['p95', 95],
  ['p99', 99],
  ['p999', 99.9],
] as const

function timeColumns(name: string, histogram: HistogramView): Columns {
  const { count, mean, max } = histogram
  return [
    [`${name}_count`, count],
    [`${name}_mean_ms`, count === 0 ? undefined : ms(mean)],
    ...quantiles.map(([label, p]) => [`${name}_${label}_ms`, ms(histogram.percentile(p))] as const),
    [`${name}_max_ms`, count === 0 ? undefined : ms(max)],
  ]
}

/** To microseconds, as the flat line of a scenario. */
function ms(ns: number): number {
  return Math.round(ns / 1e3) / 1e3
}

function rounded(value: number): number {
  return Number(value.toFixed(3))
}
