import { describe, expect, it } from 'vitest'
import { autocorrelation, hampelClip, linearFit, mserCut, noiseOf } from '../src/index.ts'
import { medianOf, robustDeviation } from '../src/median.ts'
import { references } from './support/references.ts'

function expectNear(values: readonly number[], truths: readonly number[]): void {
  expect(values).toHaveLength(truths.length)
  for (const [at, value] of values.entries()) expect(value).toBeCloseTo(truths[at]!, 9)
}

describe.each(references.series)('of a series ($name), as NumPy and SciPy say', (reference) => {
  const { values } = reference

  it('autocorrelation', () => {
    expectNear(
      [1, 2, 5].map((lag) => autocorrelation(values, lag)),
      reference.autocorrelation,
    )
  })

  it('median and robust deviation', () => {
    expectNear([medianOf(values), robustDeviation(values)], [reference.median, reference.deviation])
  })

  it('line of least squares, with the error of its slope', () => {
    const { slope, intercept, residuals, spread } = linearFit(values)
    const variance = residuals.reduce((sum, residual) => sum + residual ** 2, 0) / (values.length - 2)
    expectNear(
      [slope, intercept, Math.sqrt(variance / spread)],
      [reference.slope, reference.intercept, reference.slopeError],
    )
  })

  it('clipped outliers', () => {
    expectNear(hampelClip(values), reference.hampel)
  })

  it('noise and its long-run variance', () => {
    const { variance, correlation, longRunVariance } = noiseOf(values)
    expectNear(
      [variance, correlation, longRunVariance],
      [reference.noise.variance, reference.noise.correlation, reference.noise.longRunVariance],
    )
  })

  it('cut by MSER', () => {
    expect(mserCut(values)).toBe(reference.mser)
  })
})

describe('a clipped series', () => {
  it('has its outlier at the edge of what is usual, and the rest as it was', () => {
    const series = [10, 11, 9, 10, 12, 10, 500, 11, 9, 10, 10, 12, 9]
    const clipped = hampelClip(series)
    expect(clipped[6]).toBeGreaterThan(10)
    expect(clipped[6]).toBeLessThan(20)
    expect(clipped.toSpliced(6, 1)).toEqual(series.toSpliced(6, 1))
  })

  it('keeps a step', () => {
    const step = [...Array<number>(20).fill(10), ...Array<number>(20).fill(20)]
    expect(hampelClip(step)).toEqual(step)
  })
})

describe('the noise of a series', () => {
  it('is not taken for larger because of a step', () => {
    const { values } = references.series[0]!
    const stepped = values.map((value, at) => (at < 60 ? value : value + 50))
    expect(noiseOf(stepped).variance / noiseOf(values).variance).toBeLessThan(1.5)
    expect(noiseOf(stepped).variance / noiseOf(values).variance).toBeGreaterThan(0.6)
  })

  it('is larger in the long run where neighbours are alike', () => {
    const [independent, correlated] = references.series.map(({ values }) => noiseOf(values))
    expect(independent!.longRunVariance / independent!.variance).toBeLessThan(1.5)
    expect(correlated!.longRunVariance / correlated!.variance).toBeGreaterThan(2)
  })
})

describe('the cut of a warm-up', () => {
  it('leaves out most of a decay, and little of what has none', () => {
    const cuts = Object.fromEntries(references.series.map(({ name, values }) => [name, mserCut(values)]))
    expect(cuts['warmup']).toBeGreaterThanOrEqual(20)
    expect(cuts['warmup']).toBeLessThanOrEqual(75)
  })

  it('is nothing of a short series or a constant one', () => {
    expect(mserCut([])).toBe(0)
    expect(mserCut([9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).toBe(0)
    expect(mserCut(Array<number>(200).fill(3))).toBe(0)
  })
})

describe('an empty or a constant series', () => {
  it('has no autocorrelation, no noise and no slope', () => {
    for (const series of [[], [5], [5, 5, 5, 5, 5]]) {
      expect(autocorrelation(series)).toBe(0)
      expect(noiseOf(series)).toEqual({ variance: 0, correlation: 0, longRunVariance: 0 })
      expect(linearFit(series)).toMatchObject({ slope: 0, intercept: series[0] ?? 0 })
      expect(hampelClip(series)).toEqual(series)
    }
    expect(medianOf([])).toBe(0)
  })
})
