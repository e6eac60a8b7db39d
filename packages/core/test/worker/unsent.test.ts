import { describe, expect, it } from 'vitest'
import type { Slot } from '../../src/plugin/driver.ts'
import { constantRate, simulate } from '../support/simulate.ts'

const dead = Object.assign(new Error('the connection was refused'), { code: 'ECONNREFUSED' })

describe('a request that a driver gives back because no byte of it has left', () => {
  it('leaves on another connection, and keeps its number and when it was due', async () => {
    const served: number[] = []
    let givenBack = 0
    const { flow, breaches } = await simulate({
      load: constantRate(10, 2_000, 2),
      durationMs: 2_000,
      serve(slot, { connection, nowMs, answer }) {
        // the second connection is dead for a while
        if (connection === 1 && nowMs < 1_000) {
          givenBack++
          slot.unsent(dead)
          return
        }
        served.push(slot.index)
        answer(slot, 5)
      },
    })
    expect(givenBack).toBeGreaterThan(0)
    expect(served.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(flow.total).toMatchObject({ ok: 20, failed: 0, sent: 20, unsent: 0 })
    expect(flow.total.response.max / 1e6).toBeCloseTo(5, 1)
    expect(breaches).toEqual([])
  })

  it('waits for a connection to a server that is down, and its wait is part of the response', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(10, 2_000, 1),
      durationMs: 2_000,
      connect(_index, nowMs) {
        if (nowMs >= 0 && nowMs < 700) throw dead
      },
      serve(slot, { nowMs, answer }) {
        if (nowMs < 700) slot.unsent(dead)
        else answer(slot, 1)
      },
    })
    expect(flow.total).toMatchObject({ ok: 20, failed: 0, sent: 20 })
    expect(flow.total.response.max / 1e6).toBeGreaterThan(700)
    expect(flow.total.service.max / 1e6).toBeCloseTo(1, 1)
    expect(breaches).toEqual([])
  })

  it('counts as unsent where no connection comes back, with how long it has waited', async () => {
    const { flow, breaches } = await simulate({
      load: constantRate(10, 1_000, 1),
      durationMs: 1_000,
      drainMs: 500,
      connect(_index, nowMs) {
        if (nowMs >= 0) throw dead
      },
      serve: (slot) => slot.unsent(),
    })
    expect(flow.total).toMatchObject({ ok: 0, failed: 0, sent: 0, unsent: 10, scheduled: 10 })
    expect(flow.total.response.max / 1e6).toBeGreaterThanOrEqual(1_400)
    expect(breaches).toEqual([])
  })

  it('fails what is in flight beside it, which may have left', async () => {
    let isFirst = true
    const { flow, breaches } = await simulate({
      load: constantRate(10, 1_000, 1),
      durationMs: 1_000,
      streams: 4,
      serve(slot, { nowMs, answer }) {
        if (slot.index !== 3 || !isFirst) answer(slot, nowMs < 300 ? 250 : 5)
        else {
          isFirst = false
          slot.unsent(dead)
        }
      },
    })
    expect(flow.total).toMatchObject({ ok: 8, failed: 2, unsent: 0, scheduled: 10 })
    expect(flow.total.outcomes['ECONNREFUSED']?.count).toBe(2)
    expect(breaches).toEqual([])
  })

  it.each(['in one turn', 'and others fail'])('goes with all that the driver gives back %s', async (how) => {
    const held: Slot[] = []
    const { flow, breaches } = await simulate({
      load: constantRate(10, 1_000, 1),
      durationMs: 1_000,
      streams: 4,
      serve(slot, { answer }) {
        if (slot.index < 2 || slot.index > 5 || held.length === 4) {
          answer(slot, 5)
          return
        }
        // a server that leaves has refused all but the first
        if (held.push(slot) < 4) return
        for (const one of held.slice(1)) one.unsent(dead)
        if (how !== 'in one turn') held[0]!.fail(dead)
      },
    })
    expect(flow.total).toMatchObject({ ok: 9, failed: 1, sent: 10, unsent: 0, scheduled: 10 })
    expect(breaches).toEqual([])
  })

  it('is sent again in a closed loop', async () => {
    const refused = new Set<number>()
    const served: number[] = []
    const { flow, breaches } = await simulate({
      load: { model: 'closed', connections: 2, thinkMs: 0 },
      durationMs: 1_000,
      serve(slot, { answer }) {
        if (slot.index % 10 === 5 && !refused.has(slot.index)) {
          refused.add(slot.index)
          slot.unsent(dead)
          return
        }
        served.push(slot.index)
        answer(slot, 10)
      },
    })
    expect(refused.size).toBeGreaterThan(3)
    for (const index of [...refused].slice(0, -1)) expect(served).toContain(index)
    expect(new Set(served).size).toBe(served.length)
    expect(flow.total.failed).toBe(0)
    expect(flow.total.sent).toBe(served.length)
    expect(breaches).toEqual([])
  })
})
