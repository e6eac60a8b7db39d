import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trendOf, trendParts } from '../../src/checks/trend.ts'
import { uniform } from '../../src/load/random.ts'

const places = Array.from({ length: trendParts }, (_, at) => at)

/** Of all orders of 12 values, the share that a test calls falling: from the numbers of their inversions (Mahonian). */
function shareOfOrders(leastS: number): number {
  let counts = [1]
  for (let size = 2; size <= trendParts; size++) {
    const next = Array.from({ length: counts.length + size - 1 }, () => 0)
    for (const [inversions, count] of counts.entries())
      for (let more = 0; more < size; more++) next[inversions + more]! += count
    counts = next
  }
  const pairs = (trendParts * (trendParts - 1)) / 2
  const all = counts.reduce((sum, count) => sum + count, 0)
  const falling = counts.filter((_, inversions) => 2 * inversions - pairs >= leastS)
  return falling.reduce((sum, count) => sum + count, 0) / all
}

describe('a trend', () => {
  it('is falling or rising where values are, despite noise', () => {
    const falling = places.map((at) => 0.98 - at * 0.01 + (at % 3) * 0.004)
    expect(trendOf(falling)).toBe(-1)
    expect(trendOf(falling.toReversed())).toBe(1)
    expect(trendOf(places.map((at) => 0.95 + (at % 2) * 0.02))).toBe(0)
    expect(trendOf(places.map(() => 1))).toBe(0)
  })

  it('is none where a change is certain, but too small to matter', () => {
    expect(trendOf(places.map((at) => 0.999 - at * 0.0001))).toBe(0)
    expect(trendOf(places.map((at) => 0.999 - at * 0.002))).toBe(-1)
  })

  it('is found where there is none in 0.7 % of all orders, in each direction', () => {
    expect(shareOfOrders(36)).toBeCloseTo(0.0069, 4)
    let found = 0
    const rounds = 20_000
    for (let round = 0; round < rounds; round++)
      if (trendOf(places.map((at) => uniform(round, at, 0) + 0.1)) === -1) found++
    // the random values are always the same
    expect(found / rounds).toBeGreaterThan(0.005)
    expect(found / rounds).toBeLessThan(0.009)
  })

  it('does not depend on the unit, and turns with the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 12, maxLength: 12 }),
        fc.constantFrom(2, 0.5, 1024),
        (values, factor) => {
          expect(trendOf(values.map((value) => value * factor))).toBe(trendOf(values))
          expect(Math.abs(trendOf(values) - trendOf(values.map((value) => -value)))).not.toBe(1)
        },
      ),
    )
  })
})
