import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { batchesOf, meanInterval, quantileInterval } from '../src/index.ts'
import { references } from './support/references.ts'
import { batched, sampleOf, twelve } from './support/sample.ts'

describe('batches', () => {
  it('are twelve of the same length where that is possible', () => {
    const batches = batchesOf(Array.from({ length: 60 }, (_, second) => second))
    expect(batches.map(({ length }) => length)).toEqual(Array<number>(12).fill(5))
    expect(batches.flat()).toEqual(Array.from({ length: 60 }, (_, second) => second))
  })

  it('are consecutive, nothing is left out, and they differ by one interval at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 500 }), fc.integer({ min: 4, max: 20 }), (length, most) => {
        const intervals = Array.from({ length }, (_, at) => at)
        const batches = batchesOf(intervals, most)
        expect(batches.flat()).toEqual(intervals)
        expect(batches).toHaveLength(Math.min(most, length))
        const lengths = batches.map((batch) => batch.length)
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('are fewer when there are fewer intervals, and none with fewer than four', () => {
    expect(batchesOf([1, 2, 3, 4, 5])).toEqual([[1], [2], [3], [4], [5]])
    expect(batchesOf([1, 2, 3, 4])).toHaveLength(4)
    expect(batchesOf([1, 2, 3])).toEqual([])
    expect(batchesOf([])).toEqual([])
  })
})

describe('the interval of a mean', () => {
  it.each(references.means)('agrees with SciPy: $mean', ({ batches, ...reference }) => {
    const interval = meanInterval(batches)!
    for (const name of ['mean', 'standardError', 'low', 'high'] as const)
      expect(interval[name], name).toBeCloseTo(reference[name], 9)
  })

  it('of a rate is that of a mean of rates, where batches are equally long', () => {
    const requests = [500, 510, 495, 480, 505]
    const { mean, standardError } = meanInterval(requests.map((sum) => ({ count: 5, sum })))!
    const rates = requests.map((sum) => sum / 5)
    const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / 4
    expect(mean).toBeCloseTo(99.6, 9)
    expect(standardError).toBeCloseTo(Math.sqrt(variance / 5), 9)
  })

  it('is wider with more confidence, and a point when all batches agree', () => {
    const { batches } = references.means[0]!
    const width = (confidence: number): number => {
      const { low, high } = meanInterval(batches, confidence)!
      return high - low
    }
    expect(width(0.99)).toBeGreaterThan(width(0.95))
    expect(meanInterval(twelve({ count: 7, sum: 21 }))).toEqual({
      mean: 3,
      standardError: 0,
      low: 3,
      high: 3,
    })
  })

  it('is none of one batch, or of nothing', () => {
    expect(meanInterval([{ count: 5, sum: 5 }])).toBeUndefined()
    expect(meanInterval([])).toBeUndefined()
    expect(meanInterval(twelve({ count: 0, sum: 0 }))).toBeUndefined()
  })

  it('takes a batch in which nothing was counted as it is', () => {
    const interval = meanInterval([{ count: 0, sum: 0 }, ...twelve({ count: 1, sum: 2 })])!
    expect(interval.mean).toBe(2)
  })
})

test('what is no quantile, and what no interval can be sure of, is refused', () => {
  const same = batched(twelve([1, 1]))
  for (const q of [-0.1, 1.1, Number.NaN]) expect(() => quantileInterval(q, same)).toThrow(RangeError)
  for (const confidence of [-0.1, 1, 2, Number.NaN]) {
    expect(() => quantileInterval(0.5, same, confidence)).toThrow(RangeError)
    expect(() => meanInterval(twelve({ count: 1, sum: 1 }), confidence)).toThrow(RangeError)
  }
})

describe('the interval of a quantile', () => {
  const { samples, intervals } = references.quantiles

  it.each(intervals)('agrees with NumPy: $q', ({ q, value, low, high }) => {
    expect(quantileInterval(q, batched(samples))).toMatchObject({ value, low, high })
  })

  it('holds its quantile, and widens with confidence', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 4, maxLength: 12 }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (parts, q) => {
          const usual = quantileInterval(q, batched(parts))!
          const sure = quantileInterval(q, batched(parts), 0.999)!
          expect(usual.low).toBeLessThanOrEqual(usual.value)
          expect(usual.high ?? Infinity).toBeGreaterThanOrEqual(usual.value)
          expect(sure.low).toBeLessThanOrEqual(usual.low)
          expect(sure.high ?? Infinity).toBeGreaterThanOrEqual(usual.high ?? Infinity)
        },
      ),
    )
  })

  it('is open at the top when the samples do not reach that far', () => {
    expect(quantileInterval(0.999, batched(samples))!.high).toBeNull()
    expect(quantileInterval(0.5, batched(samples))!.high).not.toBeNull()
  })

  it('is a point when all samples are the same, as far as they reach', () => {
    const same = batched(twelve(Array<number>(50).fill(3)))
    for (const q of [0.5, 0.9]) expect(quantileInterval(q, same)).toMatchObject({ low: 3, value: 3, high: 3 })
    expect(quantileInterval(0.999, same)).toMatchObject({ low: 3, value: 3, high: null })
  })

  it('is none of one batch, or of nothing', () => {
    expect(quantileInterval(0.5, batched([[1, 2, 3]]))).toBeUndefined()
    expect(quantileInterval(0.5, { whole: sampleOf([]), batches: twelve(sampleOf([])) })).toBeUndefined()
  })
})
