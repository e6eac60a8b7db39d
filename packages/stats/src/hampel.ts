import { around, medianOf, robustDeviation } from './median.ts'

/**
 * The series with outliers moved to the edge of what is usual around them: within 3.5 robust standard deviations of the
 * median of the 15 values around each. A step stays where it is. Davies & Gather, JASA 88 (1993); Hampel, JASA 69 (1974).
 */
export function hampelClip(series: readonly number[], { reach = 7, limit = 3.5 } = {}): number[] {
  return series.map((value, at) => {
    const neighbours = around(series, at, reach)
    const median = medianOf(neighbours)
    const most = limit * robustDeviation(neighbours)
    return Math.min(Math.max(value, median - most), median + most)
  })
}
