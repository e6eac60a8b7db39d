import { batchesOf, effectiveSamples, gradeOf, quantileInterval } from '@cloudbench/stats'
import { expect, it } from 'vitest'
import { Histogram } from '../../src/metrics/histogram.ts'
import { exponential, queue } from '../support/servers.ts'
import { poissonRate, simulate } from '../support/simulate.ts'

// that the intervals are right 88 times of 100 at least, over 300 seeds and for exact samples, is tested in
// packages/stats/test/coverage.test.ts: here, that the histograms of a run give them what they need

it('known answer 12: 95 % intervals from a run’s histograms hold the truth, M/M/1 at 70 % load', async () => {
  const quantiles = [0.5, 0.9, 0.99]
  const held = { 0.5: 0, 0.9: 0, 0.99: 0 } as Record<number, number>
  const seeds = 20
  for (let seed = 0; seed < seeds; seed++) {
    const { flow, result } = await simulate({
      load: poissonRate(70, 60_000),
      durationMs: 60_000,
      seed,
      looksForHiccups: false,
      serve: queue({ serviceMs: exponential(10, 1000 + seed) }).serve,
    })
    const batches = batchesOf(result.intervals.slice(0, 60)).map((batch) =>
      Histogram.sum(batch.map(({ flows }) => flows[0]!.total.response)),
    )
    const batched = { whole: flow.total.response, batches }
    for (const q of quantiles) {
      const { low, high } = quantileInterval(q, batched)!
      const truthNs = (-10e6 * Math.log(1 - q)) / 0.3
      if (low <= truthNs && truthNs <= (high ?? Infinity)) held[q]!++
    }
    // 4 200 samples of a queue are some hundreds
    expect(effectiveSamples(batched)!).toBeLessThan(2_000)
    expect(gradeOf(0.999, effectiveSamples(batched)!)).toBe('not established')
  }
  for (const q of quantiles) expect(held[q]! / seeds, `q = ${q}`).toBeGreaterThanOrEqual(0.85)
})
