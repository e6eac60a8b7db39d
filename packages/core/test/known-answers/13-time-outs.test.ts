import { expect, it } from 'vitest'
import { expectQuantiles } from '../support/milliseconds.ts'
import { constantRate, simulate } from '../support/simulate.ts'

it.each([1, 4])(
  'known answer 13: where one in 50 is never answered, p99 is the limit of 1 s or more, with %i worker(s)',
  async (workers) => {
    const { flow, breaches } = await simulate({
      load: constantRate(100, 20_000, 200),
      durationMs: 20_000,
      timeoutMs: 1_000,
      workers,
      serve: (slot, { answer }) => void (slot.index % 50 === 7 || answer(slot, 1)),
    })
    const { response, ok, timedOut } = flow.total
    expect({ ok, timedOut, count: response.count }).toEqual({ ok: 1960, timedOut: 40, count: 2000 })
    expect(response.percentile(99) / 1e6).toBeGreaterThanOrEqual(1000)
    expectQuantiles(response, { 50: 1, 90: 1 })
    expect(breaches).toEqual([])
  },
)
