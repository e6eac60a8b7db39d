import { describe, expect, it } from 'vitest'
import { constantRate, simulate } from '../support/simulate.ts'

// P(latency > x) = 0.2 (1 − x/2 s) for a server that answers at once, but for 2 of every 10 seconds not at all
const truthMs = (p: number): number => Math.max(1, 2000 * (1 - (1 - p / 100) / 0.2) + 1)

describe.each([1, 4])('a server that stalls for 2 of 10 seconds, measured by %i worker(s)', (workers) => {
  it('shows the stall in the response times of all that were due in it', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(100, 10_000, 400),
      durationMs: 10_000,
      workers,
      serve: (slot, { answer, nowMs }) => answer(slot, nowMs >= 4000 && nowMs < 6000 ? 6000 - nowMs + 1 : 1),
    })
    expect(flow.total.response.count).toBe(1000)
    for (const p of [50, 90, 99])
      expect(
        Math.abs(flow.total.response.percentile(p) / 1e6 - truthMs(p)) / truthMs(p),
        `p${p}`,
      ).toBeLessThan(0.02)
    expect(breaches).toEqual([])
  })

  it('shows it just as well when few connections make the requests wait in the generator', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(100, 10_000, 4),
      durationMs: 10_000,
      workers,
      serve: (slot, { answer, nowMs }) => answer(slot, nowMs >= 4000 && nowMs < 6000 ? 6000 - nowMs + 1 : 1),
    })
    expect(flow.total.response.count).toBe(1000)
    for (const p of [90, 99])
      expect(
        Math.abs(flow.total.response.percentile(p) / 1e6 - truthMs(p)) / truthMs(p),
        `p${p}`,
      ).toBeLessThan(0.06)
    // the server was slow only for those that reached it
    expect(flow.total.service.percentile(99) / 1e6).toBeLessThan(2)
    expect(breaches).toEqual([])
  })
})
