/** What is one level among several: `[start, end)`. */
export interface Segment {
  readonly start: number
  readonly end: number
  readonly mean: number
}

export interface ChangePointOptions {
  /** What a change must take off the sum of squared deviations: more finds fewer. Not negative. */
  readonly penalty: number
  /** @default 8 */
  readonly shortest?: number
}

/**
 * The segments of constant mean that make Σ squared deviations + penalty × changes least. Exact, in O(n²) time and O(n) memory.
 * One segment for a series that is shorter than two of them, none for an empty one.
 *
 * Jackson et al., An algorithm for optimal partitioning of data on an interval, IEEE Signal Processing Letters 12 (2005).
 */
export function segmentsOf(
  series: readonly number[],
  { penalty, shortest = 8 }: ChangePointOptions,
): Segment[] {
  const length = series.length
  if (length === 0) return []
  const least = Math.max(1, Math.min(shortest, length))
  // around the first value, or squares of large values would leave nothing of their differences
  const sums = new Float64Array(length + 1)
  const squares = new Float64Array(length + 1)
  for (let at = 0; at < length; at++) {
    const value = series[at]! - series[0]!
    sums[at + 1] = sums[at]! + value
    squares[at + 1] = squares[at]! + value * value
  }
  const cost = (start: number, end: number): number =>
    Math.max(0, squares[end]! - squares[start]! - (sums[end]! - sums[start]!) ** 2 / (end - start))
  const best = new Float64Array(length + 1).fill(Infinity)
  const before = new Int32Array(length + 1)
  best[0] = -penalty
  for (let end = least; end <= length; end++)
    for (let start = 0; start <= end - least; start = start === 0 ? least : start + 1) {
      const total = best[start]! + cost(start, end) + penalty
      // of two that are as good, the one with the longer last segment
      if (total < best[end]!) {
        best[end] = total
        before[end] = start
      }
    }
  const segments: Segment[] = []
  for (let end = length; end > 0; end = before[end]!) {
    const start = before[end]!
    segments.unshift({ start, end, mean: series[0]! + (sums[end]! - sums[start]!) / (end - start) })
  }
  return segments
}
