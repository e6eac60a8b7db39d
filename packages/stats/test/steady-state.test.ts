import { describe, expect, it } from 'vitest'
import { steadyStateOf, type SteadyStateOptions, type Steadiness } from '../src/index.ts'
import { correlatedNoise } from './support/random.ts'

// response times of 10 ms that scatter by 5 % from interval to interval, over 200 seeds
const runs = 200

interface Course {
  readonly length?: number
  readonly correlation?: number
  readonly level?: (share: number) => number
  readonly spikes?: boolean
}

function series(
  seed: number,
  { length = 120, correlation = 0, level = () => 1, spikes = false }: Course,
): number[] {
  return correlatedNoise(seed, length, correlation).map((noise, at) => {
    const isSpike = spikes && (at * 37 + seed * 11) % 50 === 0
    return 10 * level(at / length) * Math.exp(0.05 * noise) * (isSpike ? 3 : 1)
  })
}

function share(
  course: Course,
  matches: (found: Steadiness) => boolean,
  options?: SteadyStateOptions,
): number {
  const found = Array.from({ length: runs }, (_, seed) => steadyStateOf(series(seed, course), options))
  return found.filter(matches).length / runs
}

const isFlat = ({ kind }: Steadiness): boolean => kind === 'flat'
const isNoticed = ({ kind, drift }: Steadiness): boolean => kind !== 'flat' || drift !== 0
const stepAt =
  (from: number, by: number) =>
  (at: number): number =>
    at < from ? 1 : 1 + by

describe('a series that stays at one level is flat', () => {
  it.each([
    { length: 60, correlation: 0, least: 0.95 },
    { length: 120, correlation: 0, least: 0.95 },
    { length: 120, correlation: 0.5, least: 0.95 },
    { length: 120, correlation: 0.8, least: 0.8 },
    { length: 300, correlation: 0.5, least: 0.95 },
  ])(
    'of $length values, neighbours correlated by $correlation: in $least of runs',
    ({ least, ...course }) => {
      expect(share(course, isFlat)).toBeGreaterThanOrEqual(least)
    },
  )

  it('whatever a few intervals do: 2 % of them take three times as long', () => {
    expect(share({ spikes: true }, isFlat)).toBeGreaterThanOrEqual(0.94)
  })

  it('and does not drift', () => {
    expect(share({}, ({ drift }) => drift === 0)).toBeGreaterThanOrEqual(0.95)
  })
})

describe('a change is noticed', () => {
  it('a step by a fifth, always, and from when on the rest is steady', () => {
    expect(share({ level: stepAt(0.6, 0.2) }, isNoticed)).toBe(1)
    expect(share({ level: stepAt(0.4, 0.2) }, ({ kind }) => kind === 'slowdown')).toBe(1)
    expect(share({ level: stepAt(0.4, 0.2) }, ({ from }) => Math.abs(from - 48) <= 2)).toBeGreaterThan(0.95)
  })

  it('a step by a tenth in the last fifth, nearly always', () => {
    expect(share({ level: stepAt(0.8, 0.1) }, isNoticed)).toBeGreaterThanOrEqual(0.95)
  })

  it('a drift by a tenth, nearly always', () => {
    expect(share({ level: (at) => 1 + 0.1 * at }, isNoticed)).toBeGreaterThanOrEqual(0.9)
  })

  it('but not one that is within the tolerance', () => {
    expect(share({ level: stepAt(0.4, 0.2) }, isNoticed, { tolerance: 0.3 })).toBeLessThan(0.05)
  })
})

describe('the kind says what was different at first', () => {
  const slowAtFirst = series(1, { level: (at) => (at < 0.2 ? 1.5 : 1) })
  const fastAtFirst = series(1, { level: (at) => (at < 0.2 ? 0.7 : 1) })

  it('worse: a warm-up, which ends where the rest begins', () => {
    expect(steadyStateOf(slowAtFirst)).toEqual({ kind: 'warmup', from: 24, drift: 0 })
  })

  it('better: a slowdown', () => {
    expect(steadyStateOf(fastAtFirst)).toEqual({ kind: 'slowdown', from: 24, drift: 0 })
  })

  it('the other way round for rates, which are better higher', () => {
    expect(steadyStateOf(slowAtFirst, { better: 'higher' }).kind).toBe('slowdown')
    expect(steadyStateOf(fastAtFirst, { better: 'higher' }).kind).toBe('warmup')
  })

  it('not steady when it took more than half of the time', () => {
    expect(steadyStateOf(series(1, { level: stepAt(0.6, 0.5) }))).toEqual({
      kind: 'not steady',
      from: 0,
      drift: 0,
    })
  })

  it('flat with a drift, by how much', () => {
    const { kind, drift } = steadyStateOf(
      Array.from({ length: 60 }, (_, at) => 100 * Math.exp(0.001 * at + 0.01 * Math.sin(9 * at))),
      { tolerance: 0.05 },
    )
    expect(kind).toBe('flat')
    expect(drift).toBeCloseTo(0.06, 1)
  })
})

describe('what cannot be told is unknown', () => {
  it('with fewer than 30 values, or as few as were asked for', () => {
    expect(steadyStateOf(series(1, { length: 29 })).kind).toBe('unknown')
    expect(steadyStateOf(series(1, { length: 30 })).kind).toBe('flat')
    expect(steadyStateOf(series(1, { length: 30 }), { fewest: 60 }).kind).toBe('unknown')
    expect(steadyStateOf([]).kind).toBe('unknown')
  })

  it('without a positive value', () => {
    expect(steadyStateOf(Array<number>(60).fill(0)).kind).toBe('unknown')
    expect(steadyStateOf(Array<number>(60).fill(Number.NaN)).kind).toBe('unknown')
  })
})

describe('a series of few different values', () => {
  it('is flat when it is constant, or all but a few are the same', () => {
    expect(steadyStateOf(Array<number>(60).fill(50))).toEqual({ kind: 'flat', from: 0, drift: 0 })
    expect(steadyStateOf(Array.from({ length: 60 }, (_, at) => (at % 19 === 7 ? 90 : 50))).kind).toBe('flat')
  })

  it('still shows a step', () => {
    expect(steadyStateOf(Array.from({ length: 60 }, (_, at) => (at < 20 ? 80 : 50)))).toMatchObject({
      kind: 'warmup',
      from: 20,
    })
  })

  it('may have intervals without a value, and with none of what is counted', () => {
    const gaps = (seed: number, course: Course): number[] =>
      series(seed, course).map((value, at) => (at % 10 === 5 ? Number.NaN : value))
    const flat = Array.from({ length: runs }, (_, seed) => steadyStateOf(gaps(seed, {}))).filter(isFlat)
    expect(flat.length / runs).toBeGreaterThanOrEqual(0.95)
    const { kind, from } = steadyStateOf(gaps(1, { level: (at) => (at < 0.25 ? 1.5 : 1) }))
    expect({ kind, from }).toEqual({ kind: 'warmup', from: 30 })
    const outage = Array.from({ length: 60 }, (_, at) => (at >= 30 ? 0 : 100))
    expect(steadyStateOf(outage, { better: 'higher' }).kind).toBe('slowdown')
  })
})
