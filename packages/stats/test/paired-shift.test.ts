import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairedShift } from '../src/index.ts'
import { correlatedNoise, uniforms } from './support/random.ts'
import { references } from './support/references.ts'

const holdsZero = ({ low, high }: { low: number; high: number }): boolean => low <= 0 && 0 <= high

describe('the shift between pairs', () => {
  it.each(references.shifts)('of $differences.length pairs is SciPy’s: p = $p', (reference) => {
    const found = pairedShift(reference.differences)
    if (reference.interval === null) {
      expect(found).toBeUndefined()
      return
    }
    expect(found!.shift).toBeCloseTo(reference.shift, 9)
    expect(found!.low).toBeCloseTo(reference.interval[0], 9)
    expect(found!.high).toBeCloseTo(reference.interval[1], 9)
    expect(holdsZero(found!)).toBe(reference.p > 0.05)
  })

  it('moves with the pairs, and turns round with their order', () => {
    const differences = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 20 })
    fc.assert(
      fc.property(differences, fc.integer({ min: -1000, max: 1000 }), (values, by) => {
        const found = pairedShift(values)!
        expect(pairedShift(values.map((value) => value + by))).toEqual({
          shift: found.shift + by,
          low: found.low + by,
          high: found.high + by,
        })
        const turned = pairedShift(values.map((value) => -value))!
        expect([turned.low + found.high, turned.high + found.low, turned.shift + found.shift]).toEqual([
          0, 0, 0,
        ])
        expect(found.low).toBeLessThanOrEqual(found.shift)
        expect(found.high).toBeGreaterThanOrEqual(found.shift)
      }),
    )
  })

  it('is unknown with too few pairs for as much confidence as was asked for', () => {
    expect(pairedShift([])).toBeUndefined()
    expect(pairedShift([1, 1, 1, 1, 1])).toBeUndefined()
    expect(pairedShift([1, 1, 1, 1, 1], 0.9)).toEqual({ shift: 1, low: 1, high: 1 })
    expect(pairedShift([1, 1, 1, 1, 1, 1], 0.99)).toBeUndefined()
  })
})

describe('known answer 12: ten pairs in random order, on a machine that drifts', () => {
  /** Runs one after another: 1.5 % of noise, on a drift of 5 % that lasts for some ten runs. */
  function differencesOf(seed: number, effect: number, areInOrder = false): number[] {
    const drift = correlatedNoise(seed, 20, 0.9)
    const noise = correlatedNoise(seed + 10_000, 20, 0)
    const coin = uniforms(seed + 20_000)
    const run = (at: number, isB: boolean): number =>
      0.05 * drift[at]! + 0.015 * noise[at]! + (isB ? effect : 0)
    return Array.from({ length: 10 }, (_, pair) => {
      if (areInOrder) return run(10 + pair, true) - run(pair, false)
      const isBFirst = coin() < 0.5
      const [first, second] = [run(2 * pair, isBFirst), run(2 * pair + 1, !isBFirst)]
      return isBFirst ? first - second : second - first
    })
  }

  const alarms = (effect: number, areInOrder = false): number =>
    Array.from({ length: 200 }, (_, seed) => pairedShift(differencesOf(seed, effect, areInOrder))!).filter(
      (found) => !holdsZero(found),
    ).length / 200

  it('raise a false alarm in 8.6 % of 200 comparisons of the same with itself at most', () => {
    expect(alarms(0)).toBeLessThanOrEqual(0.086)
  })

  it('find a difference of 5 % in 95 % of them at least', () => {
    expect(alarms(Math.log(1.05))).toBeGreaterThanOrEqual(0.95)
  })

  it('which all of one after all of the other does not: it takes the drift for a difference', () => {
    expect(alarms(0, true)).toBeGreaterThan(0.2)
  })
})

it('is none of a difference that is no number', () => {
  expect(pairedShift([1, 2, 3, Number.NaN, 5, 6, 7])).toBeUndefined()
})
