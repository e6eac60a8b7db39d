import { Histogram } from '@cloudbench/core'
import { assert, array, double, integer, oneof, property } from 'fast-check'
import { expect, test } from 'vitest'
import { exponentialOf, maxBuckets, maxScale } from '../../src/metrics/exponential.ts'

/** From nothing to beyond the range of 18 minutes. */
const durationNs = oneof(
  integer({ min: 0, max: 5_000 }),
  integer({ min: 1, max: 10_000_000_000 }),
  double({ min: 0, max: 41, noNaN: true }).map((exponent) => Math.floor(2 ** exponent)),
)
const durations = array(durationNs, { maxLength: 200 })

/** The bounds of a bucket, in seconds: above the first, up to and with the second. */
function boundsOf(index: number, scale: number): readonly [number, number] {
  return [2 ** (index / 2 ** scale), 2 ** ((index + 1) / 2 ** scale)]
}

test('count, sum and extremes are exact, and every value is in a bucket', () => {
  assert(
    property(durations, (values) => {
      const view = Histogram.of(values)
      const { count, sum, min, max, zeroCount, positive, negative } = exponentialOf(view)
      expect(count).toBe(values.length)
      expect(sum).toBe(view.sum / 1e9)
      expect([min, max]).toEqual(
        values.length > 0 ? [view.min / 1e9, view.max / 1e9] : [undefined, undefined],
      )
      expect(positive.bucketCounts.reduce((all, one) => all + one, zeroCount)).toBe(count)
      expect(positive.bucketCounts.length).toBeLessThanOrEqual(maxBuckets)
      expect(negative.bucketCounts).toEqual([])
    }),
  )
})

test('a value is at most 0.05 % on the wrong side of a boundary', () => {
  assert(
    property(durations, (values) => {
      const view = Histogram.of(values)
      const { scale, zeroCount, positive } = exponentialOf(view)
      expect(zeroCount).toBe(values.filter((value) => value === 0).length)
      const seconds = values.filter((value) => value > 0).map((value) => value / 1e9)
      let seen = 0
      for (const [at, count] of positive.bucketCounts.entries()) {
        seen += count
        const [, upper] = boundsOf(positive.offset + at, scale)
        const surely = seconds.filter((value) => value <= upper * (1 - 5e-4)).length
        const perhaps = seconds.filter((value) => value <= upper * (1 + 5e-4)).length
        expect(seen).toBeGreaterThanOrEqual(surely)
        expect(seen).toBeLessThanOrEqual(perhaps)
      }
    }),
  )
})

test('the scale is the largest at which the values fit', () => {
  const scaleOf = (...valuesNs: number[]): number => exponentialOf(Histogram.of(valuesNs)).scale
  expect(scaleOf()).toBe(maxScale)
  expect(scaleOf(1_000_000)).toBe(maxScale)
  // from 1 ms to 8 ms are three powers of two: 3 · 32 buckets fit, 3 · 64 do not
  expect(scaleOf(1_000_000, 8_000_000)).toBe(5)
  // 100 µs to 10 s
  expect(scaleOf(100_000, 10_000_000_000)).toBe(3)
  assert(
    property(durations, (values) => {
      const { scale, positive } = exponentialOf(Histogram.of(values))
      const used = positive.bucketCounts.length
      expect(scale === maxScale || 2 * used >= maxBuckets - 1).toBe(true)
    }),
  )
})
