import { autocorrelation } from './autocorrelation.ts'
import { around, medianOf, robustDeviation } from './median.ts'

/** How a series scatters around its own slow course. */
export interface Noise {
  readonly variance: number
  /** Of neighbours, from 0 to 0.9. */
  readonly correlation: number
  /** Variance × (1+φ)/(1−φ): n times the variance of a mean of n neighbours, when n is large. */
  readonly longRunVariance: number
}

/**
 * Estimated from the residuals around a running median of 31 values, so that steps and trends do not count as noise.
 * Variance: (1.4826·MAD)²·1.06, the factor for what the running median takes away. Correlation: lag 1 of the residuals clipped at
 * 3 deviations, its bias undone to first order by φ + (1+4φ)/n (Marriott & Pope, Biometrika 41 (1954)), and kept in [0, 0.9].
 * Long-run variance as of a first-order autoregression. All 0 for a constant or an empty series.
 */
export function noiseOf(series: readonly number[]): Noise {
  const residuals = series.map((value, at) => value - medianOf(around(series, at, 15)))
  const deviation = robustDeviation(residuals)
  const variance = deviation ** 2 * 1.06
  if (variance === 0) return { variance, correlation: 0, longRunVariance: 0 }
  const clipped = residuals.map((value) => Math.min(Math.max(value, -3 * deviation), 3 * deviation))
  const raw = autocorrelation(clipped)
  const correlation = Math.min(Math.max(raw + (1 + 4 * raw) / series.length, 0), 0.9)
  return { variance, correlation, longRunVariance: longRun(variance, correlation) }
}

export function longRun(variance: number, correlation: number): number {
  return (variance * (1 + correlation)) / (1 - correlation)
}
