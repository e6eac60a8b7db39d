import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Schedule, countArrivals, type Slice } from '../../src/load/schedule.ts'
import type { OpenLoad } from '../../src/plugin/model.ts'

function dueTimes(load: OpenLoad, salt = 1, slice?: Slice): number[] {
  const schedule = new Schedule(load, salt, slice)
  const times: number[] = []
  for (; schedule.dueMs !== Infinity; schedule.advance()) times.push(schedule.dueMs)
  return times
}

function open(
  stages: readonly [durationMs: number, from: number, to: number][],
  arrivals: OpenLoad['arrivals'] = 'constant',
): OpenLoad {
  return {
    model: 'open',
    connections: 10,
    arrivals,
    stages: stages.map(([durationMs, fromPerSecond, toPerSecond]) => ({
      durationMs,
      fromPerSecond,
      toPerSecond,
    })),
  }
}

describe('a constant schedule', () => {
  it('has an arrival every 1/rate, from the start on', () => {
    expect(dueTimes(open([[100, 100, 100]]))).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
  })

  it('has exactly rate × duration arrivals', () => {
    for (const rate of [1, 3, 7, 80, 333, 1000, 9999])
      expect(countArrivals(open([[10_000, rate, rate]]), 1), `${rate}/s`).toBe(rate * 10)
  })
})

describe('a schedule of stages', () => {
  it('has as many arrivals by any time as the integral of its rate', () => {
    const times = dueTimes(
      open([
        [1000, 0, 100],
        [1000, 100, 100],
        [0, 100, 500],
        [500, 500, 500],
        [1000, 500, 50],
      ]),
    )
    const integral = (t: number): number => {
      if (t <= 1000) return (100 * t * t) / 2e6
      if (t <= 2000) return 50 + (t - 1000) / 10
      if (t <= 2500) return 150 + (t - 2000) / 2
      const x = t - 2500
      return 400 + x / 2 - (450 * x * x) / 2e6
    }
    expect(times).toHaveLength(675)
    for (const [index, time] of times.entries()) expect(integral(time)).toBeCloseTo(index, 6)
  })

  it('rests during a stage without a rate', () => {
    const times = dueTimes(
      open([
        [100, 100, 100],
        [1000, 0, 0],
        [100, 100, 100],
      ]),
    )
    expect(times).toHaveLength(20)
    expect(times[10]).toBe(1100)
  })

  it('has no arrival when there is no rate at all', () => {
    expect(dueTimes(open([[1000, 0, 0]]))).toEqual([])
  })
})

describe('the slices of a schedule', () => {
  it('together are the schedule', () => {
    const stage = fc.tuple(
      fc.integer({ min: 0, max: 2000 }),
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 200 }),
    )
    fc.assert(
      fc.property(
        fc.array(stage, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('constant' as const, 'poisson' as const),
        fc.integer({ min: 1, max: 7 }),
        fc.integer(),
        (stages, arrivals, stride, salt) => {
          const load = open(stages, arrivals)
          const slices = Array.from({ length: stride }, (_, first) => dueTimes(load, salt, { first, stride }))
          expect(slices.flat().toSorted((a, b) => a - b)).toEqual(dueTimes(load, salt))
        },
      ),
    )
  })
})

describe('a Poisson schedule', () => {
  const load = open([[100_000, 200, 200]], 'poisson')
  const gaps = (times: readonly number[]): number[] =>
    times.slice(1).map((time, index) => time - times[index]!)

  it('has exponential gaps: their standard deviation is their mean', () => {
    const times = dueTimes(load, 42)
    const between = gaps(times)
    const mean = between.reduce((sum, gap) => sum + gap, 0) / between.length
    const variance = between.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / between.length
    // 20 000 gaps: the standard error of the mean is 0.7 %, of the deviation about 1 %
    expect(Math.abs(mean - 5) / 5).toBeLessThan(0.03)
    expect(Math.abs(Math.sqrt(variance) - 5) / 5).toBeLessThan(0.04)
    expect(Math.abs(times.length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000))
  })

  it('repeats by seed, and differs by seed', () => {
    expect(dueTimes(load, 42)).toEqual(dueTimes(load, 42))
    expect(dueTimes(load, 43).slice(0, 5)).not.toEqual(dueTimes(load, 42).slice(0, 5))
  })
})

describe('arrivals that cannot leave', () => {
  it.each(['constant', 'poisson'] as const)('are as many as if each had been looked at: %s', (arrivals) => {
    const load = open(
      [
        [1000, 0, 500],
        [1000, 500, 90],
      ],
      arrivals,
    )
    for (const first of [0, 1, 2]) {
      const due = dueTimes(load, 7, { first, stride: 3 })
      const schedule = new Schedule(load, 7, { first, stride: 3 })
      schedule.skip(10)
      const rest = schedule.takeRest()
      expect(Array.from({ length: rest.count }, (_, at) => rest.dueMs(at))).toEqual(due.slice(10))
      expect(schedule.dueMs).toBe(Infinity)
    }
  })

  it('are counted at once, at any rate', () => {
    expect(countArrivals(open([[60_000, 10e9, 10e9]]), 1)).toBe(600e9)
    expect(countArrivals(open([[60_000, 10e9, 10e9]], 'poisson'), 1)).toBeUndefined()
    const random = new Schedule(open([[60_000, 10e9, 10e9]], 'poisson'), 1)
    expect(random.takeRest().count / 600e9).toBeCloseTo(1, 6)
  })
})
