import { describe, expect, it } from 'vitest'
import { expectNear, expectQuantiles, nearestRank } from '../support/milliseconds.ts'
import { lindley, queue } from '../support/servers.ts'
import { poissonRate, simulate } from '../support/simulate.ts'

// P(W ≤ t) = (1 − ρ)·Σ_{k ≤ t/D} (λ(kD − t))^k/k!·e^(−λ(kD − t)), R = W + D
describe('known answer 7: M/D/1 with a service time of 10 ms', () => {
  it.each([
    { load: 0.5, mean: 15, p50: 10, p90: 25.16, p99: 43.36, p999: 61.68 },
    { load: 0.7, mean: 21.67, p50: 17.3, p90: 40.77, p99: 74.85, p999: 108.94 },
    { load: 0.8, mean: 30, p50: 22.76, p90: 60.12, p99: 113.56, p999: 167 },
  ])('at $load of its capacity: mean $mean, p99 $p99 ms', async ({ load, mean, p50, p90, p99, p999 }) => {
    const durationMs = 250_000_000 / (100 * load)
    const { flow, arrivalsMs, breaches } = await simulate({
      load: poissonRate(100 * load, durationMs),
      durationMs,
      intervalMs: durationMs / 40,
      seed: 3,
      looksForHiccups: false,
      serve: queue({ serviceMs: () => 10 }).serve,
    })
    const { response } = flow.total
    expect(breaches).toEqual([])
    expectNear(response.mean / 1e6, mean, 0.02)
    expectQuantiles(response, { 50: p50, 90: p90, 99: p99 }, 0.04)
    expectQuantiles(response, { 99.9: p999 }, 0.1)
    const truth = lindley(arrivalsMs, () => 10)
    expectQuantiles(response, Object.fromEntries([50, 90, 99, 99.9].map((p) => [p, nearestRank(truth, p)])))
  })
})
