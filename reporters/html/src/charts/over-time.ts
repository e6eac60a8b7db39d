import {
  errorsOf,
  ratePerSecond,
  type FlowMetrics,
  type HistogramView,
  type Load,
  type Metrics,
} from '@cloudbench/core'
import type { Slice } from '../slices.ts'
import { rounded, type HeatChart, type LineChart, type Series, type Unit } from './chart.ts'

const rowsPerDecade = 20

interface Look {
  readonly unit: Unit
  readonly isLog?: boolean
  readonly group: string
  /** In milliseconds since the scenario began to load. */
  readonly disturbed?: readonly (readonly [fromMs: number, toMs: number])[]
}

interface Line extends Omit<Series, 'values'> {
  readonly of: (slice: Slice) => number
}

/** Lines over the time of a scenario; undefined when there is nothing to draw. */
export function timeChart(
  slices: readonly Slice[],
  lines: readonly Line[],
  { unit, isLog = false, group, disturbed = [] }: Look,
): LineChart | undefined {
  const series = lines.map(({ of, ...look }) => ({
    ...look,
    values: slices.map((slice) => rounded(of(slice))),
  }))
  if (series.every(({ values }) => values.every((value) => value === null))) return undefined
  return {
    kind: 'time',
    unit,
    isLog,
    group,
    x: slices.map(({ startMs, endMs }) => seconds((startMs + endMs) / 2)),
    span: [seconds(slices[0]!.startMs), seconds(slices.at(-1)!.endMs)],
    series,
    ...warmupOf(slices),
    ...(disturbed.length > 0 && { disturbed: disturbed.map(([from, to]) => [seconds(from), seconds(to)]) }),
  }
}

/** How many requests took how long, over time. */
export function heatChart(
  slices: readonly Slice[],
  distributionOf: (slice: Slice) => HistogramView | undefined,
  group: string,
): HeatChart | undefined {
  const columns = slices.map((slice) => {
    const rows = new Map<number, number>()
    for (const { lowestNs, highestNs, count } of distributionOf(slice)?.buckets() ?? []) {
      const row = Math.floor(Math.log10(Math.max(1, (lowestNs + highestNs) / 2)) * rowsPerDecade)
      rows.set(row, (rows.get(row) ?? 0) + count)
    }
    return [...rows].flat()
  })
  const last = slices.at(-1)
  if (last === undefined || columns.every((column) => column.length === 0)) return undefined
  return {
    kind: 'heat',
    group,
    edges: [...slices.map(({ startMs }) => seconds(startMs)), seconds(last.endMs)],
    rowsPerDecade,
    columns,
    ...warmupOf(slices),
  }
}

export function flowIn({ flows }: Slice, flow: string): FlowMetrics | undefined {
  return flows.find((candidate) => candidate.flow === flow)
}

/** Of one flow in one stretch, per second. */
export function rateIn(
  slice: Slice,
  flow: string,
  of: (metrics: Metrics, widthMs: number) => number,
): number {
  const widthMs = slice.endMs - slice.startMs
  const metrics = flowIn(slice, flow)?.total
  return metrics === undefined || widthMs <= 0 ? Number.NaN : of(metrics, widthMs)
}

export const answeredPerSecond = ratePerSecond

export function errorsPerSecond(metrics: Metrics, widthMs: number): number {
  return (errorsOf(metrics) * 1_000) / widthMs
}

/** What the schedule asks for in the middle of a stretch; NaN in a closed loop. */
export function askedPerSecond(slice: Slice, flow: string): number {
  const load: Load | undefined = slice.phase.loads[flow]
  if (load?.model !== 'open') return Number.NaN
  let beginMs = 0
  const atMs = slice.phaseMs + (slice.endMs - slice.startMs) / 2
  for (const { durationMs, fromPerSecond, toPerSecond } of load.stages) {
    const done = durationMs > 0 ? (atMs - beginMs) / durationMs : 1
    if (done <= 1) return fromPerSecond + (toPerSecond - fromPerSecond) * done
    beginMs += durationMs
  }
  return load.stages.at(-1)?.toPerSecond ?? Number.NaN
}

function warmupOf(slices: readonly Slice[]): { readonly warmupEnd?: number } {
  const last = slices.findLast(({ phase }) => phase.kind === 'warmup')
  return last === undefined ? {} : { warmupEnd: seconds(last.endMs) }
}

function seconds(ms: number): number {
  return Math.round(ms) / 1_000
}
