import { expect } from 'vitest'
import type { HistogramView } from '../../src/plugin/model.ts'

/** Within a share of the truth: by default what the buckets of a histogram leave open. */
export function expectNear(reading: number, truth: number, share = 0.001, name = ''): void {
  expect(Math.abs(reading / truth - 1), `${name} ${reading} instead of ${truth}`).toBeLessThanOrEqual(share)
}

/** Percentiles in milliseconds. */
export function expectQuantiles(
  times: HistogramView,
  truthsMs: Readonly<Record<number, number>>,
  share?: number,
): void {
  for (const [p, truthMs] of Object.entries(truthsMs))
    expectNear(times.percentile(Number(p)) / 1e6, truthMs, share, `p${p}`)
}

/** The value at rank ⌈p/100 · n⌉. */
export function nearestRank(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil((p / 100) * sorted.length - 1e-6)) - 1]!
}
