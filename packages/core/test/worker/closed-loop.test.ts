import { describe, expect, it } from 'vitest'
import { simulate } from '../support/simulate.ts'

describe('a closed loop', () => {
  it('begins with its phase, also when it is woken before that', async () => {
    const { arrivalsMs, breaches } = await simulate({
      load: { model: 'closed', connections: 50, thinkMs: 0 },
      durationMs: 1000,
      wokenEarlyMs: 0.7,
      serve: (slot, { answer }) => answer(slot, 10),
    })
    expect(arrivalsMs[0]).toBe(0)
    expect(breaches).toEqual([])
  })

  it('has no response times and no lag, because nothing was ever due', async () => {
    const { flow } = await simulate({
      load: { model: 'closed', connections: 2, thinkMs: 0 },
      durationMs: 1000,
      serve: (slot, { answer }) => answer(slot, 10),
    })
    expect(flow.total.response.count).toBe(0)
    expect(flow.total.lag.count).toBe(0)
    expect(flow.total.service.count).toBe(200)
  })

  it('keeps as many requests in flight as connections have streams', async () => {
    const { flow, breaches } = await simulate({
      load: { model: 'closed', connections: 2, thinkMs: 0 },
      streams: 8,
      durationMs: 1000,
      serve: (slot, { answer }) => answer(slot, 100),
    })
    expect(flow.total.ok).toBe(160)
    expect(flow.inFlightMs / 1000).toBeCloseTo(16, 5)
    expect(breaches).toEqual([])
  })

  it('yields to the event loop when the driver answers at once', async () => {
    let now = 0
    const { flow, intervals, breaches } = await simulate({
      load: { model: 'closed', connections: 4, thinkMs: 0 },
      durationMs: 500,
      intervalMs: 100,
      serve: (slot, { clock, ok }) => {
        now++
        clock.skip(0.01)
        slot.done(ok)
      },
    })
    expect(flow.total.ok).toBe(now)
    // reports were sent while the load was running, not all of them at its end
    expect(intervals.length).toBeGreaterThan(4)
    expect(breaches).toEqual([])
  })
})
