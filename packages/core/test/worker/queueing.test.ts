import { describe, expect, it } from 'vitest'
import { uniform } from '../../src/load/random.ts'
import type { OpenLoad } from '../../src/plugin/model.ts'
import { constantRate, simulate, type Simulation } from '../support/simulate.ts'

/** A server with one queue, first come, first served. */
function fifo(serviceMs: (arrival: number) => number): Simulation['serve'] {
  let freeMs = 0
  let arrival = 0
  return (slot, { answer, nowMs }) => {
    freeMs = Math.max(freeMs, nowMs) + serviceMs(arrival++)
    answer(slot, freeMs - nowMs)
  }
}

const poisson = (perSecond: number, durationMs: number): OpenLoad => ({
  ...(constantRate(perSecond, durationMs, 500) as OpenLoad),
  arrivals: 'poisson',
})

describe('waiting times agree with queueing theory', () => {
  it('for M/D/1 at 70 % load: mean 21.67, p50 17.30, p90 40.77, p99 74.85 ms', async () => {
    const { flow, breaches } = await simulate({
      load: poisson(70, 4_000_000),
      durationMs: 4_000_000,
      intervalMs: 100_000,
      seed: 3,
      serve: fifo(() => 10),
    })
    const { response } = flow.total
    expect(breaches).toEqual([])
    // 280 000 correlated samples: about 1 % at the mean, 2 % at p99
    expect(Math.abs(response.mean / 1e6 / 21.67 - 1)).toBeLessThan(0.03)
    for (const [p, ms] of [
      [50, 17.3],
      [90, 40.77],
      [99, 74.85],
    ] as const)
      expect(Math.abs(response.percentile(p) / 1e6 / ms - 1), `p${p}`).toBeLessThan(0.05)
  })

  it('for M/M/1 at 70 % load: p50 23.10, p90 76.75 ms', async () => {
    const { flow } = await simulate({
      load: poisson(70, 4_000_000),
      durationMs: 4_000_000,
      intervalMs: 100_000,
      seed: 5,
      serve: fifo((arrival) => -10 * Math.log(1 - uniform(99, arrival, 0))),
    })
    for (const [p, ms] of [
      [50, 23.1],
      [90, 76.75],
    ] as const)
      expect(Math.abs(flow.total.response.percentile(p) / 1e6 / ms - 1), `p${p}`).toBeLessThan(0.06)
  })

  it('beyond saturation: throughput is the capacity, and waiting grows to the end', async () => {
    const { flow, elapsedMs, breaches } = await simulate({
      load: constantRate(125, 20_000, 5000),
      durationMs: 20_000,
      drainMs: 60_000,
      serve: fifo(() => 10),
    })
    const { response, ok } = flow.total
    expect(ok).toBe(2500)
    expect(elapsedMs).toBe(20_000)
    for (const [p, ms] of [
      [50, 2508],
      [90, 4508],
      [99, 4958],
    ] as const)
      expect(Math.abs(response.percentile(p) / 1e6 / ms - 1), `p${p}`).toBeLessThan(0.005)
    expect(breaches).toEqual([])
  })

  it('and a tenth of slow requests stays a tenth: nothing is corrected after the fact', async () => {
    const { flow } = await simulate({
      load: constantRate(100, 20_000, 500),
      durationMs: 20_000,
      serve: (slot, { answer }) => answer(slot, slot.index % 10 === 3 ? 1000 : 1),
    })
    expect(flow.total.response.percentile(75) / 1e6).toBeCloseTo(1, 1)
    expect(flow.total.response.percentile(95) / 1e6).toBeCloseTo(1000, -1)
  })
})
