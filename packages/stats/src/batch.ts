/** Sums over a stretch of time, such as one of twelve equal parts of a measurement. */
export interface Batch {
  /** What the sum is divided by: the number of samples for a mean, seconds for a rate. */
  readonly count: number
  readonly sum: number
}

export interface Interval {
  readonly low: number
  /** Null: open, there are too few samples for an upper end. */
  readonly high: number | null
}

/** How many batches give a standard error of few degrees of freedom that still holds when the noise is slow. */
const usualBatches = 12
/** Fewer make an interval several times too wide: Student's t is 4.3 for three batches, and 3.2 for four. */
const fewestBatches = 4

/**
 * Consecutive intervals of equal length, in up to 12 batches of about the same length: they differ by one interval at most.
 * Empty when there are fewer than four intervals.
 *
 * Few batches rather than many: neighbours must be long enough to be independent of each other.
 * Schmeiser, Batch size effects in the analysis of simulation output, Operations Research 30 (1982): 10 to 30.
 */
export function batchesOf<T>(intervals: readonly T[], most = usualBatches): T[][] {
  const count = Math.min(most, intervals.length)
  if (count < fewestBatches) return []
  const start = (batch: number): number => Math.floor((batch * intervals.length) / count)
  return Array.from({ length: count }, (_, batch) => intervals.slice(start(batch), start(batch + 1)))
}
