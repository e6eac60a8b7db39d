import { expect, it } from 'vitest'
import { ratePerSecond } from '../../src/metrics/metrics.ts'
import { runSteady } from '../support/run.ts'
import { constantRate } from '../support/simulate.ts'

it('known answer 19: half of the workers die: it is said, nothing passes, and the rest is not scaled up', async () => {
  const durationMs = 60_000
  const { exitCode, scenarios } = await runSteady({
    workload: 'dying',
    workers: 2,
    durationMs,
    load: constantRate(50, durationMs, 20),
    checks: { 'errors.rate': '< 100%' },
  })
  const { errors, phases, verdict, checks } = scenarios[0]!
  expect(errors[0]!.source).toBe('worker 1')
  expect(exitCode).toBe(3)
  expect(verdict!.validity).toBe('invalid')
  expect(verdict!.reasons).toContainEqual(
    expect.objectContaining({ code: 'WORKER_LOST', validity: 'invalid' }),
  )
  expect(checks[0]!.status).not.toBe('passed')
  const { flows, elapsedMs } = phases[0]!
  const { total } = flows[0]!
  // what was due for the one that died is unsent or unanswered, and in the response times as long as it has waited
  expect(total.unanswered + total.unsent).toBeGreaterThan(0)
  expect(total.scheduled).toBe(total.sent + total.unsent)
  expect(total.sent).toBe(total.ok + total.failed + total.timedOut + total.unanswered)
  expect(total.response.count).toBe(total.ok + total.unanswered + total.unsent)
  // the rest of the schedule was not made up for
  expect(total.scheduled).toBeLessThan((50 * durationMs) / 1000)
  expect(ratePerSecond(total, elapsedMs)).toBeLessThanOrEqual((1000 * total.ok) / elapsedMs)
})
