import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveSamples, gradeOf } from '../src/index.ts'
import { queueOf, uniforms } from './support/random.ts'
import { batched, twelve } from './support/sample.ts'

/** Of many series, the median number of effective samples. */
function typical(partsOf: (seed: number) => number[][]): number {
  const counts = Array.from({ length: 41 }, (_, seed) => effectiveSamples(batched(partsOf(seed)))!)
  return counts.toSorted((a, b) => a - b)[20]!
}

function inBatches(values: readonly number[]): number[][] {
  const size = Math.ceil(values.length / 12)
  return Array.from({ length: 12 }, (_, batch) => values.slice(batch * size, (batch + 1) * size))
}

describe('effective samples', () => {
  it('are about as many as there are, when they do not depend on each other', () => {
    const count = typical((seed) => {
      const uniform = uniforms(seed)
      return inBatches(Array.from({ length: 6000 }, uniform))
    })
    expect(count).toBeGreaterThan(4500)
    expect(count).toBeLessThanOrEqual(6000)
  })

  it('are few where requests wait for each other: about 2 050 of 48 000 at 80 % load', () => {
    const load = { perSecond: 800, servedPerSecond: 1000, seconds: 60 }
    const count = typical((seed) => inBatches(queueOf(seed, load).responses))
    expect(count).toBeGreaterThan(1200)
    expect(count).toBeLessThan(3500)
  })

  it('are all of them, when all are the same', () => {
    expect(effectiveSamples(batched(twelve(Array<number>(50).fill(3))))).toBe(600)
  })

  it('are never more than there are, nor none', () => {
    const values = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 })
    fc.assert(
      fc.property(fc.array(values, { minLength: 4, maxLength: 12 }), (parts) => {
        const whole = batched(parts)
        const count = effectiveSamples(whole)
        if (whole.whole.count === 0) expect(count).toBeUndefined()
        else {
          expect(count).toBeGreaterThan(0)
          expect(count).toBeLessThanOrEqual(whole.whole.count)
        }
      }),
    )
  })

  it('are unknown with one batch', () => {
    expect(effectiveSamples(batched([[1, 2, 3]]))).toBeUndefined()
  })
})

describe('the grade of a quantile', () => {
  it.each([
    [0.5, 20, 'established'],
    [0.5, 19.9, 'indicative'],
    [0.9, 100, 'established'],
    [0.99, 1000, 'established'],
    [0.99, 999, 'indicative'],
    [0.99, 300, 'indicative'],
    [0.99, 299, 'not established'],
    [0.999, 2050, 'not established'],
    [0.01, 1000, 'established'],
    [1, 1e9, 'not established'],
  ] as const)('of q = %d with %d effective samples: %s', (q, samples, grade) => {
    expect(gradeOf(q, samples)).toBe(grade)
  })
})
