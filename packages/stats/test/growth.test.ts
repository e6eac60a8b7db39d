import { describe, expect, it } from 'vitest'
import { growthOf } from '../src/index.ts'
import { correlatedNoise } from './support/random.ts'

const noisy = (seed: number, correlation: number, level: (at: number) => number): number[] =>
  correlatedNoise(seed, 60, correlation).map((noise, at) => level(at) * Math.exp(0.2 * noise))

describe('requests in flight that grow', () => {
  it('are found: more comes due than is answered', () => {
    for (let seed = 0; seed < 50; seed++)
      expect(growthOf(noisy(seed, 0.5, (at) => 10 + 25 * at))!.isGrowing, `seed ${seed}`).toBe(true)
    expect(growthOf([0, 25, 50, 75, 100, 125, 150, 175])).toMatchObject({
      slope: 25,
      t: Infinity,
      isGrowing: true,
    })
  })

  it('are not found where they only scatter: in 1 of 20 series at most', () => {
    for (const correlation of [0, 0.5, 0.8]) {
      const found = Array.from({ length: 200 }, (_, seed) => growthOf(noisy(seed, correlation, () => 10))!)
      expect(found.filter(({ isGrowing }) => isGrowing).length, `φ = ${correlation}`).toBeLessThanOrEqual(10)
    }
  })

  it('are not found where they shrink, or grow by less than a fifth', () => {
    expect(growthOf([200, 175, 150, 125, 100, 75, 50, 25])!.isGrowing).toBe(false)
    const little = growthOf(Array.from({ length: 60 }, (_, at) => 100 + (at % 2) + at / 6))!
    expect(little.t).toBeGreaterThan(2.6)
    expect(little.isGrowing).toBe(false)
  })

  it('are unknown with fewer than eight values, and none of a constant', () => {
    expect(growthOf([1, 2, 3, 4, 5, 6, 7])).toBeUndefined()
    expect(growthOf([])).toBeUndefined()
    for (const constant of [0, 0.1, 12])
      expect(growthOf(Array<number>(30).fill(constant))).toEqual({
        slope: expect.closeTo(0, 12),
        t: 0,
        growth: 0,
        isGrowing: false,
      })
  })
})
