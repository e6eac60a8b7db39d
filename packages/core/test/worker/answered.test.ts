import { describe, expect, it } from 'vitest'
import { constantRate, simulate } from '../support/simulate.ts'

describe('an answer whose check takes time', () => {
  it('is timed by when it was there: 5 ms, whatever a check of 30 ms holds up', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(10, 2000, 4),
      durationMs: 2000,
      serve: (slot, { clock, ok, bad }) =>
        void clock.at(clock.now() + 5, () => {
          slot.answered()
          clock.skip(30)
          slot.done(slot.index % 2 === 0 ? ok : bad)
        }),
    })
    const { ok, failed, service, failures, response } = flow.total
    expect({ ok, failed }).toEqual({ ok: 10, failed: 10 })
    for (const times of [service, failures, response]) expect(times.max / 1e6).toBeCloseTo(5, 1)
    expect(breaches).toEqual([])
  })

  it.each([60, 500])('was in time if it was there in time, when its check takes %i ms', async (checkMs) => {
    const { flow, closed, breaches } = await simulate({
      load: constantRate(10, 1000, 20),
      durationMs: 1000,
      timeoutMs: 50,
      serve: (slot, { clock, answer }) =>
        void clock.at(clock.now() + 20, () => {
          slot.answered()
          answer(slot, checkMs)
        }),
    })
    expect(flow.total).toMatchObject({ ok: 10, timedOut: 0 })
    expect(flow.total.service.max / 1e6).toBeCloseTo(20, 1)
    expect(closed).toBe(0)
    expect(breaches).toEqual([])
  })

  it('was too late if it was there too late, however soon it is checked', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(10, 1000, 4),
      durationMs: 1000,
      timeoutMs: 50,
      serve: (slot, { clock, ok }) => {
        clock.skip(60)
        slot.answered()
        slot.done(ok)
      },
    })
    expect(flow.total).toMatchObject({ ok: 0, timedOut: 10 })
    expect(breaches).toEqual([])
  })

  it('keeps its connection until it is checked, and is not in flight meanwhile', async () => {
    const { flow, breaches } = await simulate({
      load: { model: 'closed', connections: 20, thinkMs: 0 },
      durationMs: 10_000,
      serve: (slot, { clock, answer }) =>
        void clock.at(clock.now() + 20, () => {
          slot.answered()
          answer(slot, 30)
        }),
    })
    // 20 places with requests of 50 ms, of which 20 ms are in flight
    expect(flow.total.ok).toBe(4000)
    expect(flow.inFlightMs / 10_000).toBeCloseTo(8, 1)
    expect(breaches).toEqual([])
  })

  it('counts as answered before the end, when only its check comes later', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(100, 1000, 20),
      durationMs: 1000,
      serve: (slot, { clock, answer }) =>
        void clock.at(clock.now() + 5, () => {
          slot.answered()
          answer(slot, 100)
        }),
    })
    expect(flow.total).toMatchObject({ ok: 100, lateShare: 0, unanswered: 0 })
    expect(breaches).toEqual([])
  })
})

describe('arrivals that come due during a check', () => {
  it('are late by the generator’s doing: their place was free', async () => {
    const { flow, intervals } = await simulate({
      load: constantRate(100, 1000, 1),
      durationMs: 1000,
      serve: (slot, { clock, ok }) =>
        void clock.at(clock.now() + 1, () => {
          slot.answered()
          clock.skip(15)
          slot.done(ok)
        }),
    })
    const own = intervals.map(({ generators }) => generators[0]!.lag.max / 1e6)
    expect(Math.max(...own)).toBeGreaterThan(5)
    expect(flow.total.service.max / 1e6).toBeCloseTo(1, 1)
  })
})

describe('an answer without an outcome', () => {
  it('fails with its connection, and is timed by when it was there', async () => {
    const { flow, closed, breaches } = await simulate({
      load: constantRate(10, 1000, 4),
      durationMs: 1000,
      serve: (slot, { clock }) =>
        void clock.at(clock.now() + 5, () => {
          slot.answered()
          clock.at(clock.now() + 20, () => slot.fail(new Error('garbage')))
        }),
    })
    expect(flow.total).toMatchObject({ ok: 0, failed: 10 })
    expect(flow.total.failures.max / 1e6).toBeCloseTo(5, 1)
    expect(closed).toBe(10)
    expect(breaches).toEqual([])
  })

  it('is unanswered at the end', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(10, 1000, 20),
      durationMs: 1000,
      drainMs: 500,
      serve: (slot, { clock }) => void clock.at(clock.now() + 5, () => slot.answered()),
    })
    expect(flow.total).toMatchObject({ ok: 0, unanswered: 10 })
    expect(breaches).toEqual([])
  })
})

it('the first time counts, and none once the request has ended', async () => {
  const { flow, breaches } = await simulate({
    load: constantRate(10, 1000, 4),
    durationMs: 1000,
    serve: (slot, { clock, ok }) =>
      void clock.at(clock.now() + 5, () => {
        slot.answered()
        clock.skip(10)
        slot.answered()
        slot.done(ok)
        slot.answered()
      }),
  })
  expect(flow.total).toMatchObject({ ok: 10 })
  expect(flow.total.service.max / 1e6).toBeCloseTo(5, 1)
  expect(breaches).toEqual([])
})
