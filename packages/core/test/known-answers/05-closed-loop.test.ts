import { describe, expect, it } from 'vitest'
import { ratePerSecond } from '../../src/metrics/metrics.ts'
import { expectNear, expectQuantiles } from '../support/milliseconds.ts'
import { parallel } from '../support/servers.ts'
import { simulate } from '../support/simulate.ts'

describe('known answer 5: a closed loop has as many requests as its connections can make', () => {
  it.each([
    { thinkMs: 0, perSecond: 400 },
    { thinkMs: 50, perSecond: 200 },
  ])('20 that wait 50 ms and think $thinkMs ms: $perSecond/s', async ({ thinkMs, perSecond }) => {
    const { flow, elapsedMs, breaches } = await simulate({
      load: { model: 'closed', connections: 20, thinkMs },
      durationMs: 10_000,
      serve: parallel(50),
    })
    expect(flow.total.ok).toBe(perSecond * 10)
    expectQuantiles(flow.total.service, { 50: 50, 99: 50 })
    // the interactive law: N/X = R + Z, so no time of the client is hidden
    const rate = ratePerSecond(flow.total, elapsedMs)
    expectNear((20 / rate) * 1000, flow.total.service.mean / 1e6 + thinkMs)
    expect(breaches).toEqual([])
  })
})
