import { describe, expect, it } from 'vitest'
import { constantRate, simulate } from '../support/simulate.ts'

describe('an answer after its limit', () => {
  it('is a time-out, however late it is noticed: 200 ms, and a server that takes 250', async () => {
    const { flow, breaches, arrivalsMs } = await simulate({
      load: constantRate(20, 2000, 50),
      durationMs: 2000,
      timeoutMs: 200,
      serve: (slot, { answer }) => answer(slot, 250),
    })
    expect(flow.total).toMatchObject({ ok: 0, timedOut: 40, sent: 40 })
    expect(arrivalsMs).toHaveLength(40)
    expect(flow.total.service.max / 1e6).toBeLessThan(210)
    expect(breaches).toEqual([])
  })

  it('leaves a connection that answered after all, as when the process was held up, in use', async () => {
    const { flow, closed, breaches } = await simulate({
      load: constantRate(10, 1000, 4),
      durationMs: 1000,
      timeoutMs: 50,
      serve: (slot, { clock, ok, answer }) => {
        if (slot.index !== 3) answer(slot, 1)
        else {
          clock.skip(60)
          slot.done(ok)
        }
      },
    })
    expect(flow.total).toMatchObject({ ok: 9, timedOut: 1 })
    expect(closed).toBe(0)
    expect(breaches).toEqual([])
  })

  it('is a time-out when it is a failure, too', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(10, 1000, 4),
      durationMs: 1000,
      timeoutMs: 50,
      serve: (slot, { clock }) => {
        clock.skip(60)
        slot.fail(new Error('reset'))
      },
    })
    expect(flow.total).toMatchObject({ ok: 0, failed: 0, timedOut: 10 })
    expect(breaches).toEqual([])
  })
})

describe('a time-out', () => {
  it.each([20, 200, 1000])('of %i ms is noticed near its limit', async (timeoutMs) => {
    const { flow } = await simulate({
      load: constantRate(7, 3000, 100),
      durationMs: 3000,
      timeoutMs,
      serve: () => {},
    })
    expect(flow.total.timedOut).toBe(21)
    expect(flow.total.service.max / 1e6).toBeLessThanOrEqual(timeoutMs * 1.01 + 1)
  })
})
