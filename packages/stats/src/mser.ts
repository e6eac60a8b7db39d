/**
 * How many values at the beginning to leave out, so that the mean of the rest has the least standard error: a cut for
 * warm-up, and no test for it, as it also cuts up to half of a series that has none.
 *
 * MSER-5 (batches of five, of three for fewer than 100 values): the d that makes Σ_{i>d}(Z_i − Z̄_d)²/(K−d)² least, over
 * the first half of the K batches. White, Simulation 69 (1997); Spratt (1998); Franklin & White (2009).
 *
 * 0 for fewer than ten batches.
 */
export function mserCut(series: readonly number[]): number {
  const size = series.length < 100 ? 3 : 5
  const count = Math.floor(series.length / size)
  if (count < 10) return 0
  const means = Array.from({ length: count }, (_, batch) => {
    const values = series.slice(batch * size, (batch + 1) * size)
    return values.reduce((sum, value) => sum + value, 0) / size
  })
  let cut = 0
  let least = Infinity
  for (let left = 0; left <= count / 2; left++) {
    const kept = means.slice(left)
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length
    const error = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length ** 2
    if (error < least) {
      least = error
      cut = left
    }
  }
  return cut * size
}
