import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ratePerSecond } from '../../src/metrics/metrics.ts'
import { breachesOf } from '../../src/orchestrator/breaches.ts'
import { nextIndex } from '../../src/orchestrator/numbering.ts'
import type { Load } from '../../src/plugin/model.ts'
import { constantRate, simulate } from '../support/simulate.ts'

const closed = (connections: number, thinkMs = 0): Load => ({ model: 'closed', connections, thinkMs })

describe('the time that rates and means are over', () => {
  it('ends with the schedule: 10 connections, 3 s per answer, 4 s are 3.33/s and 10 in use', async () => {
    const { flow, elapsedMs, breaches } = await simulate({
      load: closed(10),
      durationMs: 4000,
      serve: (slot, { answer }) => answer(slot, 3000),
    })
    expect(elapsedMs).toBe(4000)
    expect(flow.total.ok).toBe(20)
    expect(ratePerSecond(flow.total, elapsedMs)).toBeCloseTo(10 / 3, 6)
    expect(flow.connections.openMs / elapsedMs).toBeCloseTo(10, 6)
    expect(flow.inFlightMs / elapsedMs).toBeCloseTo(10, 6)
    expect(breaches).toEqual([])
  })

  it('shows the capacity of an overloaded server, however many requests wait in it', async () => {
    let freeMs = 0
    const { flow, elapsedMs } = await simulate({
      load: constantRate(125, 20_000, 5000),
      durationMs: 20_000,
      drainMs: 60_000,
      serve: (slot, { answer, nowMs }) => {
        freeMs = Math.max(freeMs, nowMs) + 10
        answer(slot, freeMs - nowMs)
      },
    })
    expect(flow.total.ok).toBe(2500)
    expect(Math.abs(ratePerSecond(flow.total, elapsedMs) - 100)).toBeLessThan(1)
  })

  it('is not stretched by a straggler, nor by a long drain', async () => {
    const { flow, elapsedMs } = await simulate({
      load: constantRate(100, 10_000, 50),
      durationMs: 10_000,
      serve: (slot, { answer }) => answer(slot, slot.index === 999 ? 4000 : 5),
    })
    expect(flow.total.ok).toBe(1000)
    expect(ratePerSecond(flow.total, elapsedMs)).toBeCloseTo(99.9, 6)
  })

  it('breaks no law, whatever the load', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        async (connections, thinkMs, serviceMs, streams, isOpen) => {
          const { breaches } = await simulate({
            load: isOpen ? constantRate(20 + thinkMs, 1000, connections) : closed(connections, thinkMs),
            durationMs: 1000,
            streams,
            workers: 2,
            timeoutMs: 700,
            serve: (slot, { answer, clock }) => {
              const afterMs = slot.random() * serviceMs
              if (slot.index % 13 === 5) slot.fail(new Error('reset'))
              else answer(slot, afterMs)
              // some are checked for a while, and some of those after the end
              if (slot.index % 3 === 1) clock.at(clock.now() + afterMs * slot.random(), () => slot.answered())
            },
          })
          expect(breaches).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a law of the window', () => {
  it.each([
    ['connections in use', 'laneMs', 2.1],
    ['places for them', 'slotMs', 0.5],
    ['N/X = R + Z', 'waitMs', 30],
    ['N/X ≥ R + Z', 'slotMs', 0.5],
  ] as const)('is broken when %s does not hold', async (law, name, by) => {
    const load = closed(4, 10)
    const { flow, totals, elapsedMs } = await simulate({
      load,
      durationMs: 1000,
      serve: (slot, { answer }) => answer(slot, 100),
    })
    const [own] = totals[0]!.flows
    const breaches = breachesOf({
      flow: 'main',
      load,
      salt: 1,
      metrics: flow,
      totals: [{ ...own!, [name]: own![name] * by }],
      isComplete: true,
      elapsedMs,
    })
    expect(breaches.join('\n')).toContain(law)
  })
})

describe('numbers of requests', () => {
  it('go on after a phase, where the schedule ended or the last number was taken', () => {
    expect(nextIndex(7, constantRate(100, 1000, 4), 1, [10, 20])).toBe(107)
    expect(nextIndex(7, closed(4), 1, [10, 20])).toBe(7 + 1 + 20 * 2)
    expect(nextIndex(7, closed(1), 1, [10, 0])).toBe(17)
  })
})
