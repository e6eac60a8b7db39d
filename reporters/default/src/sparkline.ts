import { ratePerSecond, sumMetrics, type Interval, type Metrics, type PhaseResult } from '@cloudbench/core'

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** A value per letter, as high as its share of the highest. Nothing is blank, and anything at all shows. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(...values.filter((value) => Number.isFinite(value)))
  return values
    .map((value) => (value > 0 ? levels[Math.min(levels.length, Math.ceil((value / top) * 8)) - 1] : ' '))
    .join('')
}

/** A point of a time series. */
export interface Point {
  readonly metrics: Metrics
  readonly elapsedMs: number
}

export const rateOf = ({ metrics, elapsedMs }: Point): number => ratePerSecond(metrics, elapsedMs)

/** What a flow did over time in its measure phases, in at most so many points. */
export function pointsOf(flow: string, phases: readonly PhaseResult[], most: number): Point[] {
  const intervals = phases
    .filter(({ phase }) => phase.kind === 'measure')
    .flatMap((phase) => (phase.intervals.length > 1 ? whole(phase.intervals) : phase.intervals))
  const size = Math.ceil(intervals.length / most)
  const points: Point[] = []
  for (let from = 0; from < intervals.length; from += size) {
    const part = intervals.slice(from, from + size)
    points.push({
      metrics: sumMetrics(part.flatMap(({ flows }) => flows.find((one) => one.flow === flow)?.total ?? [])),
      elapsedMs: part.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    })
  }
  return points
}

/** Whether an interval is a sliver: what is left of a phase, or the answers that came after its end. */
export function isSliver({ startMs, endMs }: Pick<Interval, 'startMs' | 'endMs'>, usualMs: number): boolean {
  return endMs - startMs < usualMs / 2
}

function whole(intervals: readonly Interval[]): readonly Interval[] {
  const usualMs = Math.max(...intervals.map(({ startMs, endMs }) => endMs - startMs))
  return intervals.filter((interval) => !isSliver(interval, usualMs))
}
