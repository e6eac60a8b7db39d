import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Histogram } from '../../src/metrics/histogram.ts'
import { rangeNs } from '../../src/metrics/layout.ts'
import type { HistogramView } from '../../src/plugin/model.ts'

const values = fc.array(fc.integer({ min: 0, max: 2 ** 41 }), { minLength: 1, maxLength: 60 })

/** A view as anyone may write it: it has what the interface requires, and nothing else. */
function foreign(histogram: Histogram): HistogramView {
  const { count, min, max, mean, sum, overflow } = histogram
  return {
    count,
    min,
    max,
    mean,
    sum,
    overflow,
    percentile: (p) => histogram.percentile(p),
    countAtMost: (valueNs) => histogram.countAtMost(valueNs),
    buckets: () => histogram.buckets(),
    encode: () => histogram.encode(),
  }
}

describe('a histogram can be read', () => {
  it('its buckets are ascending, do not overlap, and hold every value within the range', () => {
    fc.assert(
      fc.property(values, (recorded) => {
        const histogram = Histogram.of(recorded)
        const buckets = [...histogram.buckets()]
        for (const [at, { lowestNs, highestNs, count }] of buckets.entries()) {
          expect(lowestNs).toBeGreaterThan(buckets[at - 1]?.highestNs ?? -1)
          expect(recorded.filter((value) => value >= lowestNs && value <= highestNs)).toHaveLength(count)
        }
        const inRange = recorded.filter((value) => value < rangeNs).length
        expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(inRange)
        expect(histogram.overflow).toBe(recorded.length - inRange)
      }),
    )
  })

  it('countAtMost counts the values up to a bucket, and all of them from the maximum on', () => {
    fc.assert(
      fc.property(values, (recorded) => {
        const histogram = Histogram.of(recorded)
        for (const { highestNs } of histogram.buckets())
          expect(histogram.countAtMost(highestNs)).toBe(recorded.filter((value) => value <= highestNs).length)
        expect(histogram.countAtMost(Math.max(...recorded))).toBe(recorded.length)
        expect(histogram.countAtMost(-1)).toBe(0)
      }),
    )
  })

  it('countAtMost is the inverse of percentile', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (recorded, p) => {
        const histogram = Histogram.of(recorded)
        const needed = Math.ceil((p * recorded.length) / 100 - 1e-6)
        expect(histogram.countAtMost(histogram.percentile(p))).toBeGreaterThanOrEqual(needed)
      }),
    )
  })

  it('an empty one has no bucket and counts nothing', () => {
    expect([...Histogram.empty.buckets()]).toEqual([])
    expect(Histogram.empty.countAtMost(1)).toBe(0)
  })
})

it('a view made by a plugin adds up like one of ours', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const [x, y] = [Histogram.of(a), Histogram.of(b)]
      expect(Histogram.sum([foreign(x), y]).data).toEqual(Histogram.sum([x, y]).data)
      expect(Histogram.sum([foreign(x)]).data).toEqual(x.data)
    }),
  )
})
