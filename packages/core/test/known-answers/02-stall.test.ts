import { describe, expect, it } from 'vitest'
import { expectNear, expectQuantiles } from '../support/milliseconds.ts'
import { parallel } from '../support/servers.ts'
import { constantRate, simulate } from '../support/simulate.ts'

const stall = (stallMs: number) => parallel(1, { everyMs: 10_000, fromMs: 4_000, stallMs })

/** Q(q) = S − (1 − q)·T + s for q > 1 − S/T, of a server that stands still for S in every T. */
const truthMs = (p: number, stallMs: number): number => Math.max(1, stallMs - (1 - p / 100) * 10_000 + 1)

describe.each([1, 4])(
  'known answer 2: a server that stalls for 1 s in 10, measured by %i worker(s)',
  (workers) => {
    it('has a p50 of 1, a p95 of 501, a p99 of 901 and a p99.9 of 991 ms, and a mean of 51.5', async () => {
      const { flow, breaches } = await simulate({
        load: constantRate(100, 30_000, 400),
        durationMs: 30_000,
        workers,
        serve: stall(1_000),
      })
      const { response, unsent } = flow.total
      expectQuantiles(response, { 50: 1, 90: 1, 95: 501, 99: 901, 99.9: 991 }, 0.002)
      expectNear(response.mean / 1e6, 51.5, 0.002)
      expect({ count: response.count, unsent }).toEqual({ count: 3000, unsent: 0 })
      expect(breaches).toEqual([])
    })

    it('shows a stall of 2 s in the response times of all that were due in it', async () => {
      const { flow, breaches } = await simulate({
        load: constantRate(100, 10_000, 400),
        durationMs: 10_000,
        workers,
        serve: stall(2_000),
      })
      for (const p of [50, 90, 99])
        expectNear(flow.total.response.percentile(p) / 1e6, truthMs(p, 2_000), 0.002)
      expect(breaches).toEqual([])
    })

    it('shows it just as well when few connections make the requests wait in the generator', async () => {
      const { flow, breaches } = await simulate({
        load: constantRate(100, 10_000, 4),
        durationMs: 10_000,
        workers,
        serve: stall(2_000),
      })
      expect(flow.total.response.count).toBe(1000)
      for (const p of [90, 99]) expectNear(flow.total.response.percentile(p) / 1e6, truthMs(p, 2_000), 0.06)
      // the server was slow only for those that reached it
      expect(flow.total.service.percentile(99) / 1e6).toBeLessThan(2)
      expect(breaches).toEqual([])
    })
  },
)

it('known answer 2: what a closed loop shows of the stall is a thousandth of it, and it is no response time', async () => {
  const { flow } = await simulate({
    load: { model: 'closed', connections: 1, thinkMs: 0 },
    durationMs: 10_000,
    serve: stall(1_000),
  })
  expectQuantiles(flow.total.service, { 50: 1, 99: 1 })
  expect(flow.total.response.count).toBe(0)
})
