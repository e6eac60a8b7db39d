import { assert, double, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { ceilingIn, isOver, isReached, missOf, ratesFor, type Step } from '../../src/calibrate/sweep.ts'

const step = (perSecond: number, lagP99Ms = 0.5, achieved = 1): Step => ({ perSecond, lagP99Ms, achieved })
const reached = step(100)
const missed = step(200, 5)

test.each([
  { what: 'on time', of: step(100, 2, 0.995), is: true },
  { what: 'late', of: step(100, 2.001, 1), is: false },
  { what: 'short', of: step(100, 0, 0.9949), is: false },
])('a step is reached when it is sent on time, and all of it: $what', ({ of, is }) => {
  expect(isReached(of)).toBe(is)
})

test.each([
  { steps: [], over: false },
  { steps: [reached, missed], over: false },
  { steps: [reached, missed, missed], over: true },
  { steps: [reached, missed, reached, missed], over: false },
  { steps: [missed, missed, missed], over: false },
  { steps: [missed, missed, missed, missed], over: true },
])('one miss is a disturbance, two in a row are the end: $over', ({ steps, over }) => {
  expect(isOver(steps)).toBe(over)
})

test('the ceiling is the highest rate that was reached', () => {
  expect(ceilingIn([step(100), step(200, 9), step(300), step(400, 1, 0.9)])?.perSecond).toBe(300)
  expect(ceilingIn([missed, missed])).toBeUndefined()
})

test('what was missed is said with its numbers', () => {
  expect(missOf(step(100, 3.0567, 0.8))).toBe('lag p99 3.1 ms, 80.0 % achieved')
  expect(missOf(step(100, 1, 0.8))).toBe('80.0 % achieved')
})

test('rates go upward, from a part of the closed loop to above it', () => {
  assert(
    property(double({ min: 1, max: 1e7, noNaN: true }), (closed) => {
      const rates = ratesFor(closed)
      expect(rates).toEqual(rates.toSorted((a, b) => a - b))
      expect(new Set(rates).size).toBe(rates.length)
      expect(rates[0]!).toBeLessThanOrEqual(Math.max(1, closed * 0.16))
      expect(rates.at(-1)!).toBeGreaterThan(closed * 1.04)
    }),
  )
})

test('a generator that can send at one rate and no more is found, to within a step', () => {
  assert(
    property(
      integer({ min: 100, max: 1_000_000 }),
      double({ min: 0.2, max: 1, noNaN: true }),
      (closed, share) => {
        const most = closed * share
        const steps: Step[] = []
        for (const rate of ratesFor(closed)) {
          if (isOver(steps)) break
          steps.push(rate <= most ? step(rate) : step(rate, 50, most / rate))
        }
        const found = ceilingIn(steps)!.perSecond
        expect(found).toBeLessThanOrEqual(most)
        expect(found).toBeGreaterThan(most / 1.3)
      },
    ),
  )
})
