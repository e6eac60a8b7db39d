import { assert, date, double, property } from 'fast-check'
import { expect, test } from 'vitest'
import { hrTimeOf } from '../src/time.ts'

const start = new Date('2026-03-01T12:00:00.900Z')
const seconds = start.getTime() / 1000 - 0.9

test.for([
  [0, [seconds, 900_000_000]],
  [0.000001, [seconds, 900_000_001]],
  [99.9999999, [seconds + 1, 0]],
  [100, [seconds + 1, 0]],
  [3_600_000.25, [seconds + 3_600, 900_250_000]],
] as const)('%d ms later, to the nanosecond', ([offsetMs, expected]) => {
  expect(hrTimeOf(start, offsetMs)).toEqual(expected)
})

test('nanoseconds are whole and less than a second, and time goes on', () => {
  const offsetMs = double({ min: 0, max: 1e8, noNaN: true })
  assert(
    property(date({ min: new Date(0), noInvalidDate: true }), offsetMs, offsetMs, (from, one, other) => {
      const [earlier, later] = [Math.min(one, other), Math.max(one, other)].map((ms) => hrTimeOf(from, ms))
      for (const [, nanos] of [earlier!, later!]) {
        expect(Number.isInteger(nanos)).toBe(true)
        expect(nanos).toBeGreaterThanOrEqual(0)
        expect(nanos).toBeLessThan(1e9)
      }
      const total = ([whole, nanos]: readonly [number, number]): bigint =>
        BigInt(whole) * 1_000_000_000n + BigInt(nanos)
      expect(total(later!) >= total(earlier!)).toBe(true)
    }),
  )
})
