import { describe, expect, it } from 'vitest'
import { Histogram } from '../../src/metrics/histogram.ts'
import { expectNear, expectQuantiles } from '../support/milliseconds.ts'
import { parallel } from '../support/servers.ts'
import { constantRate, simulate, type Simulation } from '../support/simulate.ts'
import { judged, numberIn, reasonIn } from '../verdict/simulated.ts'

/** For 50 ms of every 200, nothing of the generator runs. */
const heldUp: Simulation['script'] = ({ clock, startMs }) => {
  for (let atMs = 100; atMs < 10_000; atMs += 200) clock.at(startMs + atMs, () => clock.skip(50))
}

const simulationOf = (script?: Simulation['script']): Simulation => ({
  load: constantRate(1000, 10_000, 400),
  durationMs: 10_000,
  ...(script && { script }),
  serve: parallel(1),
})

describe('known answer 11: a generator that is held up for 50 ms of every 200', () => {
  it('is late for a quarter of all arrivals, by 0 to 50 ms: lag p90 30, p99 48 ms', async () => {
    const { flow, breaches } = await simulate(simulationOf(heldUp))
    const { lag, response } = flow.total
    // P(lag > x) = 0.25·(1 − x/50 ms)
    for (const [p, truthMs] of [
      [90, 30],
      [99, 48],
    ] as const)
      expect(Math.abs(lag.percentile(p) / 1e6 - truthMs), `p${p}`).toBeLessThanOrEqual(3)
    expectNear(response.mean, lag.mean + flow.total.service.mean)
    expect(breaches).toEqual([])
  })

  it('shows the same in its hiccups, which are weighted by time', async () => {
    const { result } = await simulate(simulationOf(heldUp))
    const hiccup = Histogram.sum(result.generators.map((generator) => generator.hiccup))
    for (const [p, truthMs] of [
      [90, 30],
      [99, 48],
    ] as const)
      expect(Math.abs(hiccup.percentile(p) / 1e6 - truthMs), `p${p}`).toBeLessThanOrEqual(3)
  })

  it('is not part of the service times, but for those under way when it is held up', async () => {
    const { flow } = await simulate(simulationOf(heldUp))
    expectQuantiles(flow.total.service, { 50: 1, 90: 1 })
  })

  it('has neither lag nor hiccups when it is not', async () => {
    const { flow, result } = await simulate(simulationOf())
    expect(flow.total.lag.max).toBe(0)
    expect(Histogram.sum(result.generators.map(({ hiccup }) => hiccup)).max).toBe(0)
  })

  it('makes p90 and p99 invalid by GENERATOR_LAG, and leaves the p50 valid', async () => {
    const judgement = await judged(simulationOf(heldUp))
    expect(judgement.verdict.validity).toBe('invalid')
    expect(reasonIn(judgement, 'GENERATOR_LAG').validity).toBe('invalid')
    for (const metric of ['response.p90', 'response.p99'])
      expect(numberIn(judgement, metric), metric).toMatchObject({
        validity: 'invalid',
        codes: ['GENERATOR_LAG'],
      })
    expect(numberIn(judgement, 'response.p50').validity).toBe('valid')
  })

  it('is valid when it is not held up', async () => {
    const { verdict } = await judged(simulationOf())
    expect(verdict).toMatchObject({ validity: 'valid', reasons: [] })
  })
})
