import { describe, expect, it } from 'vitest'
import { HistogramRecorder } from '../../src/metrics/recorder.ts'
import type { Load } from '../../src/plugin/model.ts'
import { PhaseRun } from '../../src/worker/phase-run.ts'
import { simulate } from '../support/simulate.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const closed: Load = { model: 'closed', connections: 2, thinkMs: 0 }

describe('a phase ends soon after its last answer', () => {
  it('within 2 ms where answers take no time, however short the phase is', async () => {
    const { finishedMs, flow } = await simulate({
      load: closed,
      durationMs: 10,
      serve: (slot, { answer }) => answer(slot, 0.5),
    })
    expect(flow.total.unanswered).toBe(0)
    expect(finishedMs).toBeGreaterThanOrEqual(10)
    expect(finishedMs).toBeLessThanOrEqual(12)
  })

  it('after no more than twice the time that the answer took, looking less and less often', async () => {
    for (const lastMs of [3, 40, 300]) {
      const { finishedMs } = await simulate({
        load: closed,
        durationMs: 1000,
        // in flight when the schedule ends, and answered that much later
        serve: (slot, { answer, nowMs }) => answer(slot, 1000 + lastMs - nowMs),
      })
      expect(finishedMs).toBeGreaterThanOrEqual(1000 + lastMs)
      expect(finishedMs).toBeLessThanOrEqual(1000 + Math.min(2 * lastMs + 1, lastMs + 100))
    }
  })

  it('at once when it is stopped and nothing is in flight', async () => {
    const { finishedMs } = await simulate({
      load: { model: 'closed', connections: 2, thinkMs: 60_000 },
      durationMs: 120_000,
      serve: (slot, { answer }) => answer(slot, 1),
      script: ({ clock, startMs, stop }) => void clock.at(startMs + 5_010, () => stop(1000)),
    })
    expect(finishedMs).toBeLessThanOrEqual(5_012)
  })

  it('and not before the time to drain is over where an answer never comes', async () => {
    const { finishedMs, flow } = await simulate({
      load: closed,
      durationMs: 10,
      drainMs: 2000,
      serve: () => {},
    })
    expect(flow.total.unanswered).toBe(2)
    expect(finishedMs).toBe(2010)
  })
})

describe('a phase that is over', () => {
  it('neither moves the wake of the one that follows, nor reports again when it is stopped', async () => {
    const clock = new VirtualClock()
    const armedMs: number[] = []
    let reports = 0
    const run = new PhaseRun({
      clock,
      pacer: { arm: (atMs) => void armedMs.push(atMs), close: () => {} },
      phase: {
        number: 0,
        firstIndices: [],
        durationMs: 10,
        loads: [],
        intervalMs: 1000,
        drainMs: 1000,
        timeoutMs: 1000,
      },
      startMs: 0,
      seed: 1,
      worker: { index: 0, total: 1 },
      flows: [],
      generator: { lag: new HistogramRecorder(), drain: () => undefined as never },
      onInterval: () => void reports++,
    })
    await clock.until(run.finished())
    const [before, reported] = [armedMs.length, reports]
    run.rearm()
    run.stop(100)
    await clock.until(new Promise<void>((resolve) => void clock.at(clock.now() + 5_000, resolve)))
    expect(armedMs).toHaveLength(before)
    expect(armedMs.at(-1)).toBe(Infinity)
    expect(reports).toBe(reported)
  })
})
