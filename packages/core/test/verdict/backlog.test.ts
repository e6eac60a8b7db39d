import { expect, test } from 'vitest'
import { parseScopedMetric } from '../../src/checks/scope.ts'
import { parallel } from '../support/servers.ts'
import { constantRate, poissonRate, type Simulation } from '../support/simulate.ts'
import { judged, numberIn } from './simulated.ts'

const durationMs = 20_000
/** Two connections for 200 requests a second, of which 100 come due: a backlog takes as long as the pause that it is from. */
const simulation: Simulation = {
  load: constantRate(100, durationMs, 2),
  durationMs,
  serve: parallel(10),
}

/** The load thread does not run for so long. */
const pausedFor = (pauseMs: number): NonNullable<Simulation['script']> => {
  return ({ clock, startMs }) => void clock.at(startMs + 5_000, () => clock.skip(pauseMs))
}

test('what queues for a connection after a pause of the load thread is no valid number', async () => {
  const judgement = await judged({ ...simulation, script: pausedFor(2_500) })
  // 25 % of the requests were late, and the load thread was held up for 12.5 % of the time
  const p80 = judgement.on(parseScopedMetric('response.p80')).number
  expect(p80!.value).toBeGreaterThan(200e6)
  expect(p80!.codes).toContain('GENERATOR_LAG')
  expect(p80!.validity).toBe('suspect')
  expect(numberIn(judgement, 'response.p95').validity).toBe('invalid')
  expect(numberIn(judgement, 'response.p50').validity).toBe('valid')
})

test('what queues for a connection at other times is not for a pause', async () => {
  // in flight for long enough that all are taken now and then, and a pause that is over within a second
  const judgement = await judged({
    ...simulation,
    load: poissonRate(100, durationMs, 2),
    serve: parallel(12),
    script: pausedFor(30),
  })
  const p90 = judgement.on(parseScopedMetric('response.p90')).number!
  expect(p90.value).toBeGreaterThan(15e6)
  expect(p90.codes).not.toContain('GENERATOR_LAG')
})

test('what came due in a pause at the end was not for the target to answer', async () => {
  const { verdict } = await judged({
    ...simulation,
    load: constantRate(100, durationMs, 10),
    script: ({ clock, startMs }) => void clock.at(startMs + 18_000, () => clock.skip(2_300)),
  })
  expect(verdict).toMatchObject({ validity: 'invalid', limitedBy: 'generator' })
  expect(verdict.reasons[0]).toMatchObject({ code: 'GENERATOR_LIMITED' })
  expect(verdict.reasons[0]!.text).toMatch(/the load thread was held up for 2\.[23]\d* s at the end/)
})
