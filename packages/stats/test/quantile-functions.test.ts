import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { normalQuantile, studentQuantile } from '../src/index.ts'
import { references } from './support/references.ts'

const near = (value: number, truth: number): number => Math.abs(value - truth) / Math.max(1, Math.abs(truth))
const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })

describe('the normal quantile', () => {
  it.each(references.normal)('at %d is SciPy’s', (p, z) => {
    expect(near(normalQuantile(p), z)).toBeLessThan(1e-14)
  })

  it('rises with the probability, and is as far below the middle as above', () => {
    fc.assert(
      fc.property(probability, probability, (p, q) => {
        if (p < q) expect(normalQuantile(p)).toBeLessThanOrEqual(normalQuantile(q))
        const half = p / 2
        // 1 − p loses the last digits of p
        expect(near(normalQuantile(1 - half), -normalQuantile(1 - (1 - half)))).toBeLessThan(1e-9)
      }),
    )
  })
})

describe('Student’s quantile', () => {
  it.each([...Map.groupBy(references.student, ([, degrees]) => degrees)])(
    'with %i degrees of freedom is SciPy’s',
    (_, rows) => {
      for (const [p, degrees, t] of rows)
        expect(near(studentQuantile(p, degrees), t), `at ${p}`).toBeLessThan(1e-8)
    },
  )

  it('lies further out than the normal one, and the less, the more degrees of freedom there are', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.51, max: 0.9999, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
        (p, degrees) => {
          expect(studentQuantile(p, degrees)).toBeGreaterThan(studentQuantile(p, degrees + 1))
          expect(studentQuantile(p, degrees)).toBeGreaterThan(normalQuantile(p))
        },
      ),
    )
  })
})

test('the ends are infinite, and the middle is 0', () => {
  for (const quantile of [normalQuantile, (p: number) => studentQuantile(p, 5)])
    expect([quantile(0), quantile(0.5), quantile(1)]).toEqual([-Infinity, 0, Infinity])
})

test('what is no probability and no number of degrees is refused', () => {
  for (const p of [-0.1, 1.1, Number.NaN]) {
    expect(() => normalQuantile(p)).toThrow(RangeError)
    expect(() => studentQuantile(p, 5)).toThrow(RangeError)
  }
  for (const degrees of [0, -1, 2.5, Number.NaN, Infinity])
    expect(() => studentQuantile(0.9, degrees)).toThrow(RangeError)
})
