import { Histogram } from '@cloudbench/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sparkline } from '../src/sparkline.ts'
import { spectrum } from '../src/spectrum.ts'

test('a value is as high as its share of the highest; nothing is blank, and anything at all shows', () => {
  expect(sparkline([0, 1, 500, 1_000, Number.NaN, 750])).toBe(' ▁▄█ ▆')
  expect(sparkline([0, 0])).toBe('  ')
  expect(sparkline([])).toBe('')
})

test('every time that occurred shows in the spectrum', () => {
  const times = fc.array(fc.integer({ min: 1_000, max: 1_000_000_000 }), { minLength: 2, maxLength: 50 })
  fc.assert(
    fc.property(times, (values) => {
      const histogram = Histogram.of(values)
      const drawn = spectrum(histogram, 60)
      if (drawn === undefined) return
      const [bars] = drawn
      expect(bars).toHaveLength(60)
      // the shortest and the longest are at its ends
      expect(bars).not.toMatch(/^ /)
      expect(bars).not.toMatch(/ $/)
    }),
  )
})

test('the axis has 1, 2 and 5 of every power of ten, as far as there is room', () => {
  const [, axis] = spectrum(Histogram.of([40_000, 90_000, 5_500_000]), 60)!
  expect(axis).toMatch(/^ +50 µs +\d00 µs .* 5 ms$/)
})

test('there is none of times that are all the same', () => {
  expect(spectrum(Histogram.of([1_000, 1_001]), 60)).toBeUndefined()
  expect(spectrum(Histogram.empty, 60)).toBeUndefined()
})
