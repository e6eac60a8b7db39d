import { formatDuration, formatPercentage } from '@cloudbench/core/text'
import { lagNs, responseNs, serviceNs, type LoggedRequest } from './request.ts'
import type { SummaryRow } from './summary.ts'

/** What a program gets of a row. */
export interface Field<Row> {
  readonly name: string
  value(row: Row): string | number | boolean | null
}

/** What people get of a row. */
export interface Column<Row> {
  readonly title: string
  cell(row: Row): string
}

export const requestFields: readonly Field<LoggedRequest>[] = [
  { name: 'time', value: timeOf },
  { name: 'run', value: ({ log }) => log.run },
  { name: 'scenario', value: ({ log }) => log.scenario },
  { name: 'worker', value: ({ log }) => log.worker.index },
  { name: 'phase', value: ({ phase }) => phase.name },
  { name: 'flow', value: ({ outcome }) => outcome.flow },
  { name: 'operation', value: ({ outcome }) => outcome.operation },
  { name: 'outcome', value: ({ outcome }) => outcome.name },
  { name: 'ok', value: ({ outcome }) => outcome.ok },
  { name: 'index', value: ({ index }) => index },
  { name: 'connection', value: ({ connection }) => connection },
  { name: 'due_ns', value: ({ dueNs }) => dueNs },
  { name: 'sent_ns', value: ({ sentNs }) => sentNs },
  { name: 'done_ns', value: ({ doneNs }) => doneNs },
  { name: 'lag_ns', value: lagNs },
  { name: 'service_ns', value: serviceNs },
  { name: 'response_ns', value: responseNs },
  { name: 'trace_id', value: ({ traceId }) => traceId },
  { name: 'span_id', value: ({ spanId }) => spanId },
]

/** @param hasScenarios There are several of them. */
export function requestColumns(hasScenarios: boolean): readonly Column<LoggedRequest>[] {
  const scenario = { title: 'scenario', cell: ({ log }: LoggedRequest) => log.scenario }
  return [
    { title: 'time', cell: timeOf },
    ...(hasScenarios ? [scenario] : []),
    { title: 'phase', cell: ({ phase }) => phase.name },
    { title: 'flow', cell: ({ outcome }) => outcome.flow },
    { title: 'operation', cell: ({ outcome }) => outcome.operation },
    { title: 'outcome', cell: ({ outcome }) => outcome.name },
    { title: 'lag', cell: (request) => formatDuration(lagNs(request) / 1e6) },
    { title: 'service', cell: (request) => formatDuration(serviceNs(request) / 1e6) },
    { title: 'response', cell: (request) => formatDuration(responseNs(request) / 1e6) },
    { title: 'connection', cell: ({ connection }) => String(connection) },
    { title: 'trace', cell: ({ traceId }) => traceId },
  ]
}

const durations = ['lag', 'service', 'response'] as const
const quantiles = { p50: 50, p90: 90, p99: 99, p999: 99.9 } as const

export const summaryFields: readonly Field<SummaryRow>[] = [
  { name: 'scenario', value: ({ scenario }) => scenario },
  { name: 'phase', value: ({ phase }) => phase },
  { name: 'flow', value: ({ flow }) => flow },
  { name: 'operation', value: ({ operation }) => operation },
  { name: 'outcome', value: ({ outcome }) => outcome ?? null },
  { name: 'requests', value: ({ requests }) => requests },
  { name: 'share', value: ({ share }) => share },
  ...durations.flatMap((duration): Field<SummaryRow>[] => [
    ...Object.entries(quantiles).map(([name, p]) => ({
      name: `${duration}_${name}_ns`,
      value: (row: SummaryRow) => orNull(row[duration].percentile(p)),
    })),
    { name: `${duration}_max_ns`, value: (row) => (row[duration].count > 0 ? row[duration].max : null) },
  ]),
]

export function summaryColumns(hasScenarios: boolean): readonly Column<SummaryRow>[] {
  const quantile = (duration: (typeof durations)[number], name: keyof typeof quantiles) => ({
    title: `${duration} ${name}`,
    cell: (row: SummaryRow) => formatDuration(row[duration].percentile(quantiles[name]) / 1e6),
  })
  return [
    ...(hasScenarios ? [{ title: 'scenario', cell: ({ scenario }: SummaryRow) => scenario }] : []),
    { title: 'phase', cell: ({ phase }) => phase },
    { title: 'flow', cell: ({ flow }) => flow },
    { title: 'operation', cell: ({ operation }) => operation },
    { title: 'outcome', cell: ({ outcome = 'all' }) => outcome },
    { title: 'requests', cell: ({ requests }) => String(requests) },
    { title: 'share', cell: ({ share }) => formatPercentage(share) },
    quantile('service', 'p50'),
    quantile('service', 'p99'),
    {
      title: 'max',
      cell: ({ service }) => formatDuration((service.count > 0 ? service.max : Number.NaN) / 1e6),
    },
    quantile('response', 'p50'),
    quantile('response', 'p99'),
    quantile('lag', 'p99'),
  ]
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** When it was sent, by the wall clock: `2026-11-27T20:46:21.123456Z`. */
function timeOf({ log, sentNs }: LoggedRequest): string {
  const { wall_clock_ms: wallClockMs, monotonic_ns: monotonicNs } = log.anchor
  const sinceMs = (sentNs - monotonicNs) / 1e6
  const wholeMs = Math.floor(sinceMs)
  // the anchor has whole milliseconds, so that the rest is exact
  const micros = Math.floor((sinceMs - wholeMs) * 1e3)
  const date = new Date(Math.min(8.64e15, Math.floor(wallClockMs) + wholeMs))
  return date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`)
}
