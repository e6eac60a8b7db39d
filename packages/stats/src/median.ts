/** The median of finite numbers: the mean of the middle two where their number is even; 0 of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).toSorted()
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** From deviation to standard deviation for normal noise: 1/Φ⁻¹(3/4). */
const normalScale = 1.482_602_218_505_602

/** A standard deviation that outliers do not move: 1.4826… × the median absolute deviation from the median. */
export function robustDeviation(values: readonly number[]): number {
  const median = medianOf(values)
  return normalScale * medianOf(values.map((value) => Math.abs(value - median)))
}

/** The values at most `reach` places away from one, fewer at the ends. */
export function around(values: readonly number[], at: number, reach: number): readonly number[] {
  return values.slice(Math.max(0, at - reach), at + reach + 1)
}
