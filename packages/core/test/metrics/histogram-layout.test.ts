import fc from 'fast-check'
import hdr from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { highestOf, lowestOf, rangeNs, slotCount, slotOf } from '../../src/metrics/layout.ts'

const duration = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 2 ** 31 }),
  fc.integer({ min: 0, max: rangeNs - 1 }),
)

const reference = hdr.build({
  bitBucketSize: 64,
  lowestDiscernibleValue: 1,
  highestTrackableValue: rangeNs - 1,
  numberOfSignificantValueDigits: 3,
  useWebAssembly: false,
}) as InstanceType<typeof hdr.JsHistogram>

describe('the layout of a histogram', () => {
  it('puts every value where HdrHistogram puts it', () => {
    fc.assert(
      fc.property(duration, (value) => {
        expect(slotOf(value)).toBe(reference.countsArrayIndex(value))
        expect(lowestOf(slotOf(value))).toBe(reference.valueFromIndex(slotOf(value)))
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps every value between the ends of its slot, which is at most 1/1024 of it wide', () => {
    fc.assert(
      fc.property(duration, (value) => {
        const slot = slotOf(value)
        expect(lowestOf(slot)).toBeLessThanOrEqual(value)
        expect(highestOf(slot)).toBeGreaterThanOrEqual(value)
        expect(highestOf(slot) - lowestOf(slot)).toBeLessThanOrEqual(Math.max(0, value / 1024))
      }),
      { numRuns: 2000 },
    )
  })

  it('has a place for every value of its range, at the very ends and around every power of two', () => {
    for (let power = 0; power <= 40; power++)
      for (const value of [2 ** power - 1, 2 ** power, 2 ** power + 1].filter((each) => each < rangeNs)) {
        expect(slotOf(value)).toBe(reference.countsArrayIndex(value))
        expect(slotOf(value)).toBeLessThan(slotCount)
      }
    expect(slotOf(rangeNs - 1)).toBe(slotCount - 1)
  })
})
