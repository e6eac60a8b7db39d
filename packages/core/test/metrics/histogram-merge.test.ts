import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Histogram } from '../../src/metrics/histogram.ts'

/** V8 has mixed up two histograms, once in a thousand processes, while it compiled what makes them: CI tries harder. */
const numRuns = process.env['CI'] ? 10_000 : 200

const values = fc.array(fc.integer({ min: 0, max: 2 ** 41 }), { maxLength: 60 })

describe('the sum of histograms', () => {
  it('is what one recorder would have recorded of all values', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (parts) => {
        const merged = Histogram.sum(parts.map((part) => Histogram.of(part)))
        expect(merged.data).toEqual(Histogram.of(parts.flat()).data)
      }),
      { numRuns },
    )
  })

  it('has its fractions among the elements of arrays, never in fields, which V8 may share', () => {
    const { data } = Histogram.sum([Histogram.of([1.25]), Histogram.of([2.5])])
    const fields = Object.values(data).filter((value) => typeof value === 'number')
    expect(fields).toEqual([2, 0])
    expect([...data.extent]).toEqual([1.25, 2.5, 3.75])
  })

  it('does not depend on order or grouping', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [x, y, z] = [Histogram.of(a), Histogram.of(b), Histogram.of(c)]
        const expected = Histogram.sum([x, y, z]).data
        expect(Histogram.sum([Histogram.sum([x, y]), z]).data).toEqual(expected)
        expect(Histogram.sum([x, Histogram.sum([y, z])]).data).toEqual(expected)
        expect(Histogram.sum([z, y, x]).data).toEqual(expected)
      }),
    )
  })

  it('is not the mean of percentiles: 9000 × 1 ms and 1000 × 100 ms have a p95 of 100 ms', () => {
    const a = Histogram.of(Array.from({ length: 9000 }, () => 1e6))
    const b = Histogram.of(Array.from({ length: 1000 }, () => 100e6))
    const merged = Histogram.sum([a, b])
    expect(merged.percentile(90) / 1e6).toBeCloseTo(1, 2)
    expect(merged.percentile(95) / 1e6).toBeCloseTo(100, 0)
    expect(merged.percentile(99) / 1e6).toBeCloseTo(100, 0)
  })
})
