/**
 * The correlation of a series with itself `lag` places later: Σ(x_i−x̄)(x_{i+lag}−x̄)/Σ(x_i−x̄)², from −1 to 1.
 * 0 for a series that is constant or too short. Box & Jenkins, Time Series Analysis, §2.1.
 */
export function autocorrelation(series: readonly number[], lag = 1): number {
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length
  let squares = 0
  let products = 0
  for (let at = 0; at < series.length; at++) {
    const deviation = series[at]! - mean
    squares += deviation * deviation
    if (at + lag < series.length) products += deviation * (series[at + lag]! - mean)
  }
  return squares > 0 ? products / squares : 0
}
