import type { Batch, Interval } from './batch.ts'
import type { Batched } from './distribution.ts'
import { ratioError } from './mean-interval.ts'
import { reachOf } from './student.ts'

export interface QuantileInterval extends Interval {
  readonly value: number
  /** The standard error of the share of samples that are at most the value. */
  readonly shareError: number
}

/**
 * The quantile `q` (0 to 1) and its confidence interval, which holds for samples that depend on each other: most do, where
 * requests wait for each other.
 *
 * Woodruff, Confidence intervals for medians and other position measures, JASA 47 (1952), with a standard error by batch
 * means: SE_p = √(k/(k−1)·Σ(a_b − p̂·n_b)²)/Σn, where a_b of the n_b samples of a batch are at most Q(q), and p̂ = Σa/Σn;
 * the interval is Q(q ± t_{k−1}·SE_p). SE_p is √(q(1−q)/n) at least, as of independent samples: batches agree by chance where hardly
 * a sample lies beyond. It is open at the top where q + t·SE_p ≥ 1. Nothing transforms it to a finite end,
 * which covers p99.9 in a third to three quarters of cases instead of nine tenths.
 *
 * Undefined when there are fewer than two batches, or no samples.
 *
 * @throws RangeError if `q` is not from 0 to 1, or `confidence` not from 0 to below 1.
 */
export function quantileInterval(
  q: number,
  { whole, batches }: Batched,
  confidence = 0.95,
): QuantileInterval | undefined {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile is from 0 to 1, not ${q}`)
  if (batches.length < 2 || whole.count === 0) return undefined
  const value = whole.percentile(100 * q)
  const shareError = Math.max(shareAtMost(value, batches).shareError, Math.sqrt((q * (1 - q)) / whole.count))
  const reach = reachOf(confidence, batches.length - 1) * shareError
  return {
    value,
    shareError,
    low: whole.percentile(100 * Math.max(0, q - reach)),
    high: q + reach >= 1 ? null : whole.percentile(100 * (q + reach)),
  }
}

/** The share of samples that are at most a value, and its standard error by batch means. */
export function shareAtMost(
  value: number,
  distributions: Batched['batches'],
): { readonly share: number; readonly shareError: number } {
  const batches = distributions.map((batch): Batch => ({
    count: batch.count,
    sum: batch.countAtMost(value),
  }))
  const share =
    batches.reduce((total, { sum }) => total + sum, 0) /
    batches.reduce((total, { count }) => total + count, 0)
  return { share, shareError: ratioError(batches, share) }
}
