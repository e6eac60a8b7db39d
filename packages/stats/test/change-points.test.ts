import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { segmentsOf, type Segment } from '../src/index.ts'
import { correlatedNoise } from './support/random.ts'

const squares = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}

const costOf = (series: readonly number[], starts: readonly number[], penalty: number): number =>
  starts.reduce((sum, start, at) => sum + squares(series.slice(start, starts[at + 1])), 0) +
  penalty * (starts.length - 1)

/** By trying them all. */
function leastCost(series: readonly number[], penalty: number, shortest: number): number {
  const from = (start: number, starts: readonly number[]): number => {
    let least = costOf(series, starts, penalty)
    for (let next = start + shortest; next <= series.length - shortest; next++)
      least = Math.min(least, from(next, [...starts, next]))
    return least
  }
  return from(0, [0])
}

const starts = (segments: readonly Segment[]): number[] => segments.map(({ start }) => start)

describe('segments', () => {
  it('are the best of all, whatever the penalty and the shortest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        (series, penalty, shortest) => {
          const found = segmentsOf(series, { penalty, shortest })
          expect(costOf(series, starts(found), penalty)).toBeCloseTo(leastCost(series, penalty, shortest), 9)
          for (const { start, end } of found)
            expect(end - start).toBeGreaterThanOrEqual(Math.min(shortest, series.length))
        },
      ),
    )
  })

  it('cover the series without gaps, with their means', () => {
    const series = correlatedNoise(4, 100, 0.5)
    const found = segmentsOf(series, { penalty: 3 })
    expect(found.map(({ end }) => end)).toEqual([...starts(found).slice(1), 100])
    for (const { start, end, mean } of found)
      expect(mean).toBeCloseTo(
        series.slice(start, end).reduce((sum, value) => sum + value, 0) / (end - start),
        9,
      )
  })

  it('begin where the level changes, and nowhere else', () => {
    const noise = correlatedNoise(7, 120, 0)
    const stepped = noise.map((value, at) => value + (at >= 70 ? 5 : 0))
    expect(starts(segmentsOf(stepped, { penalty: 3 * Math.log(120) }))).toEqual([0, 70])
    expect(starts(segmentsOf(noise, { penalty: 3 * Math.log(120) }))).toEqual([0])
  })

  it('are one of a constant, also when changes cost nothing', () => {
    expect(segmentsOf(Array<number>(50).fill(3), { penalty: 0 })).toEqual([{ start: 0, end: 50, mean: 3 }])
  })

  it('tell levels apart that lie close together and far from 0', () => {
    const series = Array.from({ length: 40 }, (_, at) => 1e9 + (at < 20 ? 0 : 1))
    expect(starts(segmentsOf(series, { penalty: 1 }))).toEqual([0, 20])
  })

  it('are one of a short series, and none of an empty one', () => {
    expect(segmentsOf([1, 9, 1], { penalty: 0 })).toHaveLength(1)
    expect(segmentsOf([], { penalty: 1 })).toEqual([])
  })
})
