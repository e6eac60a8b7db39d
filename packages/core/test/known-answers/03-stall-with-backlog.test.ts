import { expect, it } from 'vitest'
import { expectQuantiles } from '../support/milliseconds.ts'
import { queue } from '../support/servers.ts'
import { constantRate, simulate } from '../support/simulate.ts'

it.each([1, 4])(
  'known answer 3: 1 s of 10 without answers, then 200/s, at 100/s with %i worker(s): p90 505, p95 755, p99 955 ms',
  async (workers) => {
    const { serve } = queue({
      serviceMs: () => 5,
      stall: { everyMs: 10_000, fromMs: 4_000, stallMs: 1_000 },
    })
    const { flow, breaches } = await simulate({
      load: constantRate(100, 30_000, 400),
      durationMs: 30_000,
      workers,
      serve,
    })
    // Q(q) = S − (1 − q)·T·(1 − λ/μ) + s: a stall of 1 s is felt for 2
    expectQuantiles(flow.total.response, { 50: 5, 90: 505, 95: 755, 99: 955 }, 0.005)
    expect(flow.total).toMatchObject({ ok: 3000, unsent: 0 })
    expect(breaches).toEqual([])
  },
)
