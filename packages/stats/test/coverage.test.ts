import { beforeAll, describe, expect, it } from 'vitest'
import { meanInterval, quantileInterval } from '../src/index.ts'
import { queueOf } from './support/random.ts'
import { batched } from './support/sample.ts'

// intervals that are called 95 % must hold the truth in 88 % of runs at least: with 300 runs, 95 % − 3.7 standard errors of
// chance, and the 5 % that dependence within twelve batches is known to cost

const runs = 300
const seconds = 60
const servedPerSecond = 1000

describe.each([500, 800])(
  '95 %% intervals over 300 runs of an M/M/1 queue with %i of 1000/s',
  (perSecond) => {
    const quantiles = [0.5, 0.9, 0.99]
    const truth = (q: number): number => -Math.log(1 - q) / (servedPerSecond - perSecond)
    const held = { p50: 0, p90: 0, p99: 0, mean: 0, rate: 0, naive: 0 }
    beforeAll(() => {
      for (let seed = 0; seed < runs; seed++) {
        const { arrivals, responses } = queueOf(seed, { perSecond, servedPerSecond, seconds })
        const parts = Array.from({ length: 12 }, (): number[] => [])
        for (const [at, arrival] of arrivals.entries())
          parts[Math.floor((arrival / seconds) * 12)]!.push(responses[at]!)
        const whole = batched(parts)
        for (const q of quantiles) {
          const { low, high } = quantileInterval(q, whole)!
          if (low <= truth(q) && truth(q) <= (high ?? Infinity)) held[`p${q * 100}` as 'p50']++
        }
        const sums = parts.map((values) => ({
          count: values.length,
          sum: values.reduce((sum, value) => sum + value, 0),
        }))
        const isHeld = (value: number, batches: typeof sums): boolean => {
          const { low, high } = meanInterval(batches)!
          return low <= value && value <= high
        }
        if (isHeld(1 / (servedPerSecond - perSecond), sums)) held.mean++
        if (
          isHeld(
            perSecond,
            parts.map(({ length }) => ({ count: seconds / 12, sum: length })),
          )
        )
          held.rate++
        const reach = 1.96 * Math.sqrt((0.99 * 0.01) / responses.length)
        const [low, high] = [0.99 - reach, 0.99 + reach].map((q) => whole.whole.percentile(100 * q))
        if (low! <= truth(0.99) && truth(0.99) <= high!) held.naive++
      }
    })

    it.each(['p50', 'p90', 'p99', 'mean', 'rate'] as const)('hold the %s in 88 %% of them', (name) => {
      expect(held[name] / runs).toBeGreaterThanOrEqual(0.88)
      // nor are they so wide that they always do
      expect(held[name] / runs).toBeLessThan(0.995)
    })

    it('which intervals for independent samples do not', () => {
      expect(held.naive / runs).toBeLessThan(0.7)
    })
  },
)
