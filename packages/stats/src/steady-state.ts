import { segmentsOf } from './change-points.ts'
import { hampelClip } from './hampel.ts'
import { linearFit } from './linear-fit.ts'
import { medianOf } from './median.ts'
import { noiseOf } from './noise.ts'

/**
 * `warmup`: worse at first, then steady for at least half of the time. `slowdown`: better at first. `unknown`: fewer than
 * 30 values, or nothing to see in them.
 */
export type SteadyKind = 'flat' | 'warmup' | 'slowdown' | 'not steady' | 'unknown'

export interface Steadiness {
  readonly kind: SteadyKind
  /** The first value of the steady part; 0 where there is none or it is unknown. */
  readonly from: number
  /** By which share the values change over the steady part, such as 0.08; 0 where they do not beyond noise and tolerance. */
  readonly drift: number
}

export interface SteadyStateOptions {
  /** Latencies are better lower, rates higher. @default 'lower' */
  readonly better?: 'lower' | 'higher'
  /** Levels that differ by less than this share are one. @default 0.05 */
  readonly tolerance?: number
  /** @default 30 */
  readonly fewest?: number
}

/** A trend of less than this many standard errors is noise: 1 in 100 series without one has more. */
const significantT = 2.6

/**
 * Whether a series of interval means (or medians, or rates) stays at one level, and from when on. Values must not be negative; NaN
 * is an interval without one, and left out.
 *
 * On logarithms: outliers clipped (`hampelClip`), segments of one mean by optimal partitioning with the penalty 3·ln(n)·σ²_LR,
 * where σ²_LR is the long-run variance (`noiseOf`), then merged backwards from the last one while their means are within
 * the tolerance. Like Barrett et al., Virtual machine warmup blows hot and cold, OOPSLA 2017, but for a hundred values that
 * depend on their neighbours instead of thousands that hardly do: hence the long-run variance.
 */
export function steadyStateOf(
  values: readonly number[],
  { better = 'lower', tolerance = 0.05, fewest = 30 }: SteadyStateOptions = {},
): Steadiness {
  const places = values.flatMap((value, at) => (Number.isFinite(value) ? [at] : []))
  const logs = logarithms(places.map((at) => values[at]!))
  if (logs === undefined || logs.length < fewest) return { kind: 'unknown', from: 0, drift: 0 }
  const length = logs.length
  const series = hampelClip(logs)
  // a series that hardly scatters at all must not have a change point at each rounding
  const noise = Math.max(noiseOf(series).longRunVariance, (tolerance / 50) ** 2)
  const segments = segmentsOf(series, { penalty: 3 * Math.log(length) * noise })
  const last = segments.at(-1)!
  const changed = segments.findLast(({ mean }) => Math.abs(mean - last.mean) > tolerance)
  const start = changed === undefined ? 0 : changed.end
  if (length - start < length / 2) return { kind: 'not steady', from: 0, drift: 0 }
  const drift = driftOf(series.slice(start), noise, tolerance)
  if (changed === undefined) return { kind: 'flat', from: 0, drift }
  const wasHigher = changed.mean > last.mean
  return { kind: wasHigher === (better === 'lower') ? 'warmup' : 'slowdown', from: places[start]!, drift }
}

function driftOf(kept: readonly number[], noise: number, tolerance: number): number {
  const { slope, spread } = linearFit(kept)
  const change = slope * kept.length
  const isDrift = Math.abs(change) > tolerance && Math.abs(slope) / Math.sqrt(noise / spread) > significantT
  return isDrift ? Math.expm1(change) : 0
}

/** A thousandth of the median stands for 0, which has no logarithm. Undefined when there is no positive value at all. */
function logarithms(values: readonly number[]): number[] | undefined {
  const positive = values.filter((value) => value > 0)
  if (positive.length === 0) return undefined
  const least = medianOf(positive) / 1000
  return values.map((value) => Math.log(Math.max(value, least)))
}
