import { describe, expect, it } from 'vitest'
import { runSteady } from '../support/run.ts'
import { constantRate } from '../support/simulate.ts'

describe('a worker that', () => {
  it('is killed makes the run invalid, with its stderr, and its requests are accounted for', async () => {
    const durationMs = 60_000
    const result = await runSteady({
      workload: 'dying',
      workers: 2,
      durationMs,
      load: constantRate(50, durationMs, 20),
    })
    const scenario = result.scenarios[0]!
    expect(scenario.errors[0]!.source).toBe('worker 1')
    expect(scenario.errors[0]!.message).toMatch(/was killed by SIGKILL; its stderr:\nboom, said the worker/)
    expect(result.exitCode).toBe(3)
    const { total } = scenario.phases[0]!.flows[0]!
    // requests take 200 ms: some of the dead worker's were in flight, and those due since its last report never left
    expect(total.unanswered + total.unsent).toBeGreaterThan(0)
    expect(total.scheduled).toBe(total.sent + total.unsent)
    expect(total.response.count).toBe(total.ok + total.unanswered + total.unsent)
    // the phase ends early, and the rest of its schedule is dropped
    expect(scenario.phases[0]!.elapsedMs).toBeLessThan(durationMs)
    expect(total.scheduled).toBeLessThan(50 * (durationMs / 1000))
  })

  it('hangs is killed after a while of silence, and named', async () => {
    const result = await runSteady({
      workload: 'stopping',
      workers: 2,
      durationMs: 60_000,
      load: constantRate(50, 60_000, 4),
      intervalMs: 100,
    })
    expect(result.scenarios[0]!.errors[0]).toMatchObject({ source: 'worker 1' })
    expect(result.scenarios[0]!.errors[0]!.message).toMatch(/gave no sign of life/)
    expect(result.exitCode).toBe(3)
  })

  it('throws outside its requests ends the run, with what was thrown', async () => {
    const result = await runSteady({
      workload: 'throwing',
      durationMs: 60_000,
      load: constantRate(50, 60_000, 4),
    })
    expect(result.scenarios[0]!.errors[0]!.message).toMatch(
      /worker 0 cannot continue: thrown outside every request/,
    )
    expect(result.exitCode).toBe(3)
  })

  it('has a driver that makes up outcomes ends the run, with what to do', async () => {
    const result = await runSteady({ workload: 'foreign', durationMs: 500 })
    expect(result.scenarios[0]!.errors[0]!.message).toMatch(/its own object, named "mine"/)
    expect(result.scenarios[0]!.errors[0]!.message).toMatch(/create outcomes once in connect/)
    expect(result.exitCode).toBe(3)
  })
})
