import { mserCut, steadyStateOf } from '@cloudbench/stats'
import { describe, expect, it } from 'vitest'
import { uniform } from '../../src/load/random.ts'
import { sumMetrics } from '../../src/metrics/metrics.ts'
import { constantRate, simulate } from '../support/simulate.ts'

const seconds = 120

/** 20 ms, half as much again at first, which fades by 1/e in 10 s. */
async function biases(seed: number): Promise<{ readonly whole: number; readonly cut: number }> {
  const { result } = await simulate({
    load: constantRate(20, seconds * 1000, 50),
    durationMs: seconds * 1000,
    looksForHiccups: false,
    serve: (slot, { answer, nowMs }) =>
      answer(slot, 20 * (1 + 0.5 * Math.exp(-nowMs / 10_000)) * (0.8 + 0.4 * uniform(seed, slot.index, 0))),
  })
  const totals = result.intervals.slice(0, seconds).map(({ flows }) => flows[0]!.total)
  const means = totals.map(({ response }) => response.mean)
  const mser = mserCut(means)
  const from = Math.max(steadyStateOf(means).from, mser <= seconds / 2 ? mser : 0)
  const bias = (parts: typeof totals): number => sumMetrics(parts).response.mean / 20e6 - 1
  return { whole: bias(totals), cut: bias(totals.slice(from)) }
}

describe('known answer 16: a warm-up that fades', () => {
  it('puts 4 % on the mean, and 0.5 % at most once it is cut off', async () => {
    const found: Awaited<ReturnType<typeof biases>>[] = []
    for (let seed = 0; seed < 10; seed++) found.push(await biases(seed))
    const mean = (name: 'whole' | 'cut'): number =>
      found.reduce((sum, biased) => sum + biased[name], 0) / found.length
    expect(mean('whole')).toBeGreaterThan(0.035)
    expect(Math.abs(mean('cut'))).toBeLessThanOrEqual(0.005)
  })
})
