import type { Batch, Interval } from './batch.ts'
import { reachOf } from './student.ts'

export interface MeanInterval extends Interval {
  readonly high: number
  /** Σsum / Σcount. */
  readonly mean: number
  readonly standardError: number
}

/**
 * A mean and its confidence interval, from batches whose neighbours may depend on each other within: the mean of a latency
 * (`count` samples, `sum` of them), or a rate (`count` in seconds, `sum` in requests). Batches may differ in size.
 *
 * Ratio estimator with batch means: x̄ = ΣS/Σn, SE = √(k/(k−1)·Σ(S_b − x̄·n_b)²)/Σn, x̄ ± t_{k−1}·SE.
 * Law & Kelton, Simulation Modeling and Analysis, §9.5; Cochran, Sampling Techniques, §6.
 *
 * Undefined when there are fewer than two batches, or nothing was counted.
 *
 * @throws RangeError if `confidence` is not from 0 to below 1.
 */
export function meanInterval(batches: readonly Batch[], confidence = 0.95): MeanInterval | undefined {
  const count = batches.reduce((total, batch) => total + batch.count, 0)
  const sum = batches.reduce((total, batch) => total + batch.sum, 0)
  if (batches.length < 2 || !(count > 0)) return undefined
  const mean = sum / count
  const standardError = ratioError(batches, mean)
  const reach = reachOf(confidence, batches.length - 1) * standardError
  return { mean, standardError, low: mean - reach, high: mean + reach }
}

/** The standard error of Σsum / Σcount. */
export function ratioError(batches: readonly Batch[], ratio: number): number {
  const total = batches.reduce((sum, { count }) => sum + count, 0)
  const squares = batches.reduce((squared, { count, sum }) => squared + (sum - ratio * count) ** 2, 0)
  return Math.sqrt((batches.length / (batches.length - 1)) * squares) / total
}
