import { autocorrelation } from './autocorrelation.ts'
import { linearFit } from './linear-fit.ts'
import { longRun } from './noise.ts'

/** Whether something, such as the requests in flight, keeps growing. */
export interface Growth {
  /** From each value to the next. */
  readonly slope: number
  /** The slope in standard errors that allow for neighbours being alike; ±∞ when the values lie on a line. */
  readonly t: number
  /** From one end of the line to the other, as a share of the mean; 0 where the mean is not positive. */
  readonly growth: number
  /** t > 2.6 (99.5 % of series that do not grow have less), and by more than a fifth. */
  readonly isGrowing: boolean
}

const fewestValues = 8
const significantT = 2.6
const noticeableGrowth = 0.2

/**
 * The trend of a series that is not negative. Where more arrives than is answered, the requests in flight grow without end, and
 * no latency describes the target.
 *
 * Ordinary least squares; the variance of the residuals × (1+φ)/(1−φ) with φ their lag-1 autocorrelation, from 0 to 0.9, as
 * neighbours in a queue are alike. Undefined for fewer than eight values.
 */
export function growthOf(series: readonly number[]): Growth | undefined {
  if (series.length < fewestValues) return undefined
  const { slope, residuals, spread } = linearFit(series)
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length
  const variance = residuals.reduce((sum, residual) => sum + residual ** 2, 0) / (series.length - 2)
  const correlation = Math.min(Math.max(autocorrelation(residuals), 0), 0.9)
  const error = Math.sqrt(longRun(variance, correlation) / spread)
  // what rounding leaves of a constant is no slope
  const isFlat = Math.abs(slope) * series.length <= 1e-12 * Math.abs(mean)
  const t = isFlat ? 0 : slope / error
  const growth = mean > 0 && !isFlat ? (slope * (series.length - 1)) / mean : 0
  return { slope, t, growth, isGrowing: t > significantT && growth > noticeableGrowth }
}
