import { describe, expect, it } from 'vitest'
import { constantRate, simulate } from '../support/simulate.ts'

describe('every arrival is accounted for', () => {
  it('when the server stops answering: unanswered and unsent are counted, and censored in the response', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(100, 10_000, 50),
      durationMs: 10_000,
      drainMs: 2000,
      serve: (slot, { answer, nowMs }) => (nowMs < 5000 ? answer(slot, 1) : undefined),
    })
    const { total } = flow
    expect(total).toMatchObject({
      ok: 500,
      unanswered: 50,
      unsent: 450,
      sent: 550,
      scheduled: 1000,
      censored: 500,
    })
    expect(total.response.count).toBe(1000)
    // the last arrival has waited for 2 s at least
    expect(total.response.percentile(51) / 1e6).toBeGreaterThan(2000)
    expect(total.lag.count).toBe(550)
    expect(breaches).toEqual([])
  })

  it('when requests take longer than the time-out: they count as timed out, and their connections are replaced', async () => {
    const { flow, breaches, closed } = await simulate({
      load: constantRate(50, 10_000, 100),
      durationMs: 10_000,
      timeoutMs: 1000,
      serve: (slot, { answer }) => (slot.index % 50 === 7 ? undefined : answer(slot, 1)),
    })
    expect(flow.total).toMatchObject({ ok: 490, timedOut: 10, unanswered: 0, unsent: 0 })
    expect(closed).toBe(10)
    // the last one is replaced when the phase is over
    expect(flow.connections.opened).toBe(109)
    expect(flow.total.response.percentile(99) / 1e6).toBeGreaterThanOrEqual(1000)
    expect(breaches).toEqual([])
  })

  it('when connections die: their requests failed, and others are opened', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(100, 10_000, 10),
      durationMs: 10_000,
      serve: (slot, { answer, clock }) => {
        if (slot.index % 100 === 50)
          clock.at(clock.now() + 5, () => slot.fail(Object.assign(new Error('gone'), { code: 'ECONNRESET' })))
        else answer(slot, 1)
      },
    })
    expect(flow.total).toMatchObject({ ok: 990, failed: 10, unsent: 0 })
    expect(flow.total.outcomes['ECONNRESET']).toEqual({ count: 10, ok: false, example: 'gone', lost: true })
    expect(flow.connections.opened).toBe(20)
    expect(breaches).toEqual([])
  })

  it('when the target is unavailable for a while: attempts are counted, arrivals wait with their due times', async () => {
    let away = false
    const { flow, breaches } = await simulate({
      load: constantRate(100, 10_000, 5),
      durationMs: 10_000,
      connect: (_, nowMs) => {
        if (nowMs > 3000 && nowMs < 6000) throw new Error('refused')
      },
      serve: (slot, { answer, nowMs }) => {
        if (nowMs > 3000 && nowMs < 3100 && !away) slot.fail(new Error('reset'))
        else answer(slot, 1)
        if (nowMs >= 3100) away = true
      },
    })
    expect(flow.total.failed).toBe(5)
    expect(flow.connections.refused).toBeGreaterThan(5)
    expect(flow.total.unsent).toBe(0)
    expect(flow.total.response.max / 1e6).toBeGreaterThan(2500)
    expect(breaches).toEqual([])
  })

  it('when the run is interrupted: what came due counts, what did not does not', async () => {
    const { flow, breaches, elapsedMs } = await simulate({
      load: constantRate(100, 60_000, 50),
      durationMs: 60_000,
      script: ({ clock, stop }) => void clock.at(2000 + 5005, () => stop(1000)),
      serve: (slot, { answer }) => answer(slot, 20),
    })
    expect(flow.total).toMatchObject({ scheduled: 501, ok: 501, unsent: 0 })
    expect(elapsedMs).toBe(5005)
    expect(breaches).toEqual([])
  })

  it('when several workers share the schedule: their sum is the whole', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(333, 3_000, 10),
      durationMs: 3_000,
      workers: 3,
      serve: (slot, { answer }) => answer(slot, 2),
    })
    expect(flow.total.ok).toBe(999)
    expect(breaches).toEqual([])
  })

  it('when there are more workers than connections: those without have no arrivals', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(100, 1_000, 2),
      durationMs: 1_000,
      workers: 4,
      serve: (slot, { answer }) => answer(slot, 2),
    })
    expect(flow.total.ok).toBe(100)
    expect(breaches).toEqual([])
  })
})

describe('an account that does not add up is a breach', () => {
  it('when a driver answers a request twice', async () => {
    const { breaches } = await simulate({
      load: constantRate(10, 1000, 2),
      durationMs: 1000,
      serve: (slot, { answer }) => {
        answer(slot, 1)
        answer(slot, 2)
      },
    })
    expect(breaches).toEqual(['main: the driver answered 10 requests more than once'])
  })
})
