import { describe, expect, it } from 'vitest'
import { ratePerSecond } from '../../src/metrics/metrics.ts'
import { expectNear, expectQuantiles } from '../support/milliseconds.ts'
import { queue } from '../support/servers.ts'
import { constantRate, simulate } from '../support/simulate.ts'
import { judged, numberIn, reasonIn } from '../verdict/simulated.ts'

describe('known answer 4: 125/s for a server that can do 100/s', () => {
  it('the rate is the capacity, and waiting grows to the end: p50 2508, p90 4508, p99 4958 ms', async () => {
    const { flow, elapsedMs, breaches } = await simulate({
      load: constantRate(125, 20_000, 5000),
      durationMs: 20_000,
      drainMs: 60_000,
      serve: queue({ serviceMs: () => 10 }).serve,
    })
    const { response, ok } = flow.total
    expect(ok).toBe(2500)
    expect(elapsedMs).toBe(20_000)
    expectNear(ratePerSecond(flow.total, elapsedMs), 100, 0.01)
    expectQuantiles(response, { 50: 2508, 90: 4508, 99: 4958 }, 0.005)
    expect(breaches).toEqual([])
  })

  it('is saturated, has no steady state, and its p99 is no more than a lower bound', async () => {
    const judgement = await judged({
      load: constantRate(125, 20_000, 5000),
      durationMs: 20_000,
      drainMs: 60_000,
      serve: queue({ serviceMs: () => 10 }).serve,
    })
    expect(judgement.verdict).toMatchObject({ limitedBy: 'target', steadyStates: [{ kind: 'overloaded' }] })
    expect(reasonIn(judgement, 'TARGET_SATURATED').validity).toBe('invalid')
    expect(numberIn(judgement, 'response.p99')).toMatchObject({ validity: 'invalid', isLowerBound: true })
    expect(numberIn(judgement, 'rate').validity).toBe('valid')
  })
})
