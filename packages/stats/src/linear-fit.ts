export interface LinearFit {
  /** At the first value. */
  readonly intercept: number
  /** By which the line rises from each value to the next. */
  readonly slope: number
  readonly residuals: readonly number[]
  /** Σ(x−x̄)² of the places: the variance of the slope is that of the noise divided by it. */
  readonly spread: number
}

/**
 * The straight line through a series, by ordinary least squares over the places 0, 1, 2, …
 * Flat for a series of one, and through 0 for an empty one.
 */
export function linearFit(series: readonly number[]): LinearFit {
  const length = series.length
  const middle = (length - 1) / 2
  const mean = length === 0 ? 0 : series.reduce((sum, value) => sum + value, 0) / length
  const spread = (length * (length * length - 1)) / 12
  const rise = series.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0)
  const slope = spread > 0 ? rise / spread : 0
  const intercept = length === 0 ? 0 : mean - slope * middle
  const residuals = series.map((value, at) => value - intercept - slope * at)
  return { intercept, slope, residuals, spread }
}
