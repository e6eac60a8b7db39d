import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Histogram } from '../../src/metrics/histogram.ts'
import { rangeNs } from '../../src/metrics/layout.ts'

describe('a percentile', () => {
  it('is off from the value of its rank by at most 0.1 %', () => {
    const sample = fc.array(fc.integer({ min: 1, max: 2 ** 39 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(sample, fc.constantFrom(0, 1, 25, 50, 90, 95, 99, 99.9, 100), (values, p) => {
        const sorted = values.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil((p / 100) * values.length - 1e-9)) - 1]!
        const read = Histogram.of(values).percentile(p)
        expect(read).toBeGreaterThanOrEqual(exact)
        expect(read - exact).toBeLessThanOrEqual(exact / 1000)
      }),
    )
  })

  it('of 99.9 % of 1000 values is the 999th, whatever binary fractions say', () => {
    expect(Histogram.of(Array.from({ length: 1000 }, (_, index) => index + 1)).percentile(99.9)).toBe(999)
  })

  it('of nothing is not a number', () => {
    expect(Histogram.empty.percentile(50)).toBeNaN()
    expect(Histogram.empty.mean).toBeNaN()
  })

  it('beyond the range is the maximum, and the overflow is counted, not clamped', () => {
    const histogram = Histogram.of([1000, rangeNs * 2, rangeNs * 3])
    expect(histogram.count).toBe(3)
    expect(histogram.overflow).toBe(2)
    expect(histogram.percentile(33)).toBe(1000)
    expect(histogram.percentile(50)).toBe(rangeNs * 3)
    expect(histogram.max).toBe(rangeNs * 3)
  })
})
