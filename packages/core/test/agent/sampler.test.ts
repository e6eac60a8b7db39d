import { describe, expect, it } from 'vitest'
import { createSampler, type Watching } from '../../src/agent/sampler.ts'
import { sumSignals } from '../../src/metrics/signals.ts'
import type { Watcher } from '../../src/plugin/environment.ts'
import type { MachineSignals } from '../../src/plugin/model.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const gauge = { used: 'gauge' } as const
const never = new Promise<never>(() => {})

function watching(environment: string, signals: Watcher['signals'], read: Watcher['read']): Watching {
  return { environment, watcher: { signals, read, close: () => {} } }
}

/** Samples a phase of 3 s from 1 s on, every second, in virtual time. */
async function sampled(
  given: (clock: VirtualClock) => readonly Watching[],
  phases = 1,
): Promise<{
  readonly signals: MachineSignals | undefined
  readonly told: readonly MachineSignals[]
  readonly warnings: readonly string[]
  readonly endMs: number
}> {
  const clock = new VirtualClock(0)
  // the promises of an answer take some turns to settle before the next sample is due
  const breathe = (): void => void clock.at(clock.now() + 10, breathe)
  breathe()
  const told: MachineSignals[] = []
  const warnings: string[] = []
  const log = (source: string) => ({
    debug: () => {},
    info: () => {},
    warn: (message: string) => void warnings.push(`${source}: ${message}`),
  })
  const sampler = createSampler({
    machine: 'here',
    watching: given(clock),
    clock,
    log,
    workers: () => [{ index: 0, pid: 4711 }],
  })
  for (let phase = 0; phase < phases; phase++) {
    const startAtMs = clock.now() + 1_000
    const { end } = sampler.start({
      startAtMs,
      intervalMs: 1_000,
      onSignals: (signals) => told.push(signals),
    })
    await clock.until(new Promise<void>((resolve) => void clock.at(startAtMs + 3_000, resolve)))
    await clock.until(end())
  }
  return { signals: sumSignals(told)[0], told, warnings, endMs: clock.now() }
}

describe('a sampler', () => {
  it('keeps the mean and the maximum of a gauge over time, from the start of the phase to its end', async () => {
    const { signals, told } = await sampled((clock) => [
      watching('memory', gauge, () => ({ used: clock.now() / 10 })),
    ])
    // 100 at the start, 400 at the end
    expect(signals).toEqual({
      machine: 'here',
      gauges: { used: { mean: 250, max: 400, observedMs: 3_000 } },
      counters: {},
    })
    expect(told).toHaveLength(3)
  })

  it('lets a share stand for the time since the last sample, so that the first one of a phase says nothing', async () => {
    const values = [0.9, 0.1, 0.3, 0.2]
    const { signals } = await sampled(() => [
      watching('cpu', { stolen: 'share' }, () => ({ stolen: values.shift() ?? 0.2 })),
    ])
    expect(signals!.gauges['stolen']!.max).toBe(0.3)
    expect(signals!.gauges['stolen']!.mean).toBeCloseTo(0.2)
    expect(signals!.gauges['stolen']!.observedMs).toBe(3_000)
  })

  it('tells an environment which workers run', async () => {
    const seen: unknown[] = []
    await sampled(() => [
      watching('cpu', { calls: 'counter' }, (workers) => {
        seen.push(workers)
        return {}
      }),
    ])
    expect(seen[0]).toEqual([{ index: 0, pid: 4711 }])
  })

  it('takes the differences of a counter, and starts again when it is reset', async () => {
    const values = [1_000, 1_010, 5, 7]
    const { signals } = await sampled(() => [
      watching('cpu', { stolenMs: 'counter' }, () => ({ stolenMs: values.shift() ?? 7 })),
    ])
    expect(signals!.counters).toEqual({ stolenMs: 10 + 5 + 2 })
  })

  it('loses nothing of a counter that could not be read for a while', async () => {
    let reads = 0
    const { signals, warnings } = await sampled(() => [
      watching('cpu', { stolenMs: 'counter' }, () => {
        reads++
        if (reads === 2 || reads === 3) throw new Error('EAGAIN')
        return { stolenMs: reads * 100 }
      }),
    ])
    expect(reads).toBeGreaterThan(3)
    expect(signals!.counters).toEqual({ stolenMs: reads * 100 - 100 })
    expect(warnings).toEqual(['cpu: watch: EAGAIN; its signals are left out until it answers again'])
  })

  it('leaves a gauge out while it cannot be read, and says for how long it was watched', async () => {
    let reads = 0
    const { signals } = await sampled((clock) => [
      watching('memory', gauge, () => (++reads === 2 ? {} : { used: clock.now() })),
    ])
    // nothing from 1 s to 3 s, then the line from 3 s to 4 s
    expect(signals!.gauges['used']).toEqual({ mean: 3_500, max: 4_000, observedMs: 1_000 })
  })

  it('that hangs is given up on after 2 s and tried again, with one warning, without delaying others', async () => {
    let tries = 0
    const { signals, warnings, endMs } = await sampled(
      (clock) => [
        watching('stuck', { lost: 'gauge' }, () => {
          tries++
          return never
        }),
        watching('memory', gauge, () => ({ used: clock.now() })),
      ],
      2,
    )
    expect(warnings).toEqual([
      'stuck: watch: no answer within 2000 ms; its signals are left out until it answers again',
    ])
    expect(tries).toBeGreaterThan(2)
    expect(Object.keys(signals!.gauges)).toEqual(['used'])
    expect(signals!.gauges['used']!.observedMs).toBe(6_000)
    expect(endMs).toBeLessThan(2 * (1_000 + 3_000 + 2_000) + 1_000)
  })

  it('is read once at a time, however slowly it answers', async () => {
    let atOnce = 0
    let most = 0
    const { signals } = await sampled((clock) => [
      watching('slow', gauge, async () => {
        most = Math.max(most, ++atOnce)
        await new Promise<void>((resolve) => void clock.at(clock.now() + 1_500, resolve))
        atOnce--
        return { used: 5 }
      }),
    ])
    expect(most).toBe(1)
    expect(signals!.gauges['used']).toMatchObject({ mean: 5, max: 5 })
  })

  it('leaves out what was not declared and what is not a number, with one warning each', async () => {
    const { signals, warnings } = await sampled(() => [
      watching('odd', { ...gauge, best: 'gauge' }, () => ({ used: Number.NaN, best: 1, other: 2 })),
    ])
    expect(Object.keys(signals!.gauges)).toEqual(['best'])
    expect(warnings.toSorted()).toEqual([
      'odd: used is NaN, so it is left out',
      'odd: watch reads other, which it does not declare: left out',
    ])
  })

  it('samples a signal that two environments declare from the first of them', async () => {
    const { signals, warnings } = await sampled(() => [
      watching('first', gauge, () => ({ used: 1 })),
      watching('second', gauge, () => ({ used: 2 })),
    ])
    expect(signals!.gauges['used']!.max).toBe(1)
    expect(warnings).toEqual(['second: first already samples used, so it is left out here'])
  })

  it('catches up after a pause without a burst of samples', async () => {
    let reads = 0
    const { signals } = await sampled((clock) => {
      clock.at(1_500, () => clock.skip(2_200))
      return [
        watching('memory', gauge, () => {
          reads++
          return { used: 1 }
        }),
      ]
    })
    expect(reads).toBe(3)
    expect(signals!.gauges['used']!.observedMs).toBe(3_000)
  })
})
