import { describe, expect, test } from 'vitest'
import { sumFlowLists } from '../../src/metrics/metrics.ts'
import type { PhaseResult, RunError } from '../../src/plugin/model.ts'
import { judge, type Evidence } from '../../src/verdict/judge.ts'
import { hiccups, madeUp } from './made-up.ts'
import { numberIn, reasonIn, signalIn } from './simulated.ts'

const withErrors = (errors: readonly RunError[]): Evidence => ({ ...madeUp(), errors })
const phaseOf = ({ phases: [phase] }: Evidence): PhaseResult => phase!

describe('a run in which nothing can be believed is invalid, with all of its numbers', () => {
  test('when its books do not add up', () => {
    const evidence = madeUp()
    const broken = judge({ ...evidence, phases: [{ ...phaseOf(evidence), breaches: ['main: sent 2 ≠ 1'] }] })
    expect(broken.verdict.validity).toBe('invalid')
    expect(reasonIn(broken, 'ACCOUNTING').text).toContain('sent 2 ≠ 1')
    expect(numberIn(broken, 'errors.rate')).toMatchObject({ validity: 'invalid', codes: ['ACCOUNTING'] })
    const told = judge(withErrors([{ source: 'accounting', during: 'phase measure', message: 'sent 2 ≠ 1' }]))
    expect(told.verdict.reasons).toHaveLength(1)
  })

  test('when a worker was lost', () => {
    const judgement = judge(withErrors([{ source: 'worker 3', during: 'phase', message: 'it was killed' }]))
    expect(judgement.verdict.validity).toBe('invalid')
    expect(reasonIn(judgement, 'WORKER_LOST')).toMatchObject({ worker: 3, validity: 'invalid' })
  })

  test('and not when something else went wrong', () => {
    const judgement = judge(withErrors([{ source: 'redis', during: 'audit', message: 'no answer' }]))
    expect(judgement.verdict.validity).toBe('valid')
  })
})

test('a load thread that was held up for too much of the time makes the run invalid, and not each number', () => {
  const judgement = judge(madeUp({ generator: { hiccup: hiccups(200) } }))
  expect(judgement.verdict.validity).toBe('invalid')
  expect(numberIn(judgement, 'response.p50').validity).toBe('valid')
})

test('what runs in the load thread holds it up, and is what was measured', () => {
  const evidence = madeUp({
    load: { model: 'closed', connections: 1, thinkMs: 0 },
    generator: { hiccup: hiccups(500), busy: 0.99 },
  })
  const onTarget = (url: string): Evidence => ({
    ...evidence,
    scenario: {
      ...evidence.scenario,
      flows: evidence.scenario.flows.map((flow) => ({ ...flow, target: { ...flow.target, url } })),
    },
  })
  expect(judge(onTarget('http://127.0.0.1')).verdict.validity).toBe('invalid')
  expect(judge(onTarget('micro:')).verdict.reasons.filter(({ validity }) => validity === 'invalid')).toEqual(
    [],
  )
})

test('a short run that was held up once is not invalid for it', () => {
  const judgement = judge(madeUp({ seconds: 2, generator: { hiccup: hiccups(200) } }))
  expect(judgement.verdict.validity).toBe('suspect')
  expect(signalIn(judgement, 'stalled').validity).toBe('invalid')
})

describe('what has nothing to judge', () => {
  test('is unknown: a scenario that never measured', () => {
    const { verdict } = judge({ ...madeUp(), phases: [] })
    expect(verdict).toMatchObject({ validity: 'unknown', reasons: [], numbers: [], steadyStates: [] })
  })

  test('is unknown: a measurement without a request', () => {
    const evidence = madeUp()
    const phase = phaseOf(evidence)
    const { verdict } = judge({
      ...evidence,
      phases: [{ ...phase, flows: [], intervals: [], generators: [] }],
    })
    expect(verdict).toMatchObject({ validity: 'unknown', numbers: [] })
  })

  test('is the warm-up: only what was measured counts', () => {
    const evidence = madeUp({ generator: { hiccup: hiccups(500) } })
    const warmup = phaseOf(evidence)
    const calm = phaseOf(madeUp())
    const phases = [{ ...warmup, phase: { ...warmup.phase, kind: 'warmup' as const } }, calm]
    expect(judge({ ...evidence, phases }).verdict.validity).toBe('valid')
  })
})

describe('results that were put together', () => {
  const [one, other] = [phaseOf(madeUp()), phaseOf(madeUp({ generator: { hiccup: hiccups(40) } }))]
  const together = (elapsedMs: number): Evidence => ({
    ...madeUp(),
    phases: [
      {
        ...one,
        elapsedMs,
        flows: flowsOf(one, other),
        generators: [...one.generators, ...other.generators],
        signals: [...one.signals, ...other.signals],
        intervals: [...one.intervals, ...other.intervals],
      },
    ],
  })

  test('of shards that ran at the same time have the rate of both, with an interval', () => {
    const judgement = judge(together(10_000))
    expect(numberIn(judgement, 'rate').value).toBe(2000)
    expect(numberIn(judgement, 'rate').interval).toEqual({ low: 2000, high: 2000 })
    expect(judgement.verdict.steadyStates).toMatchObject([{ kind: 'unknown' }])
    // half of the requests were held up as they were in one of them
    expect(numberIn(judgement, 'response.p99').validity).toBe('invalid')
  })

  test('of runs one after another have the rate of each, and no course of time', () => {
    const judgement = judge(together(20_000))
    expect(numberIn(judgement, 'rate').value).toBe(1000)
    expect(numberIn(judgement, 'rate').interval).toEqual({ low: 1000, high: 1000 })
    expect(judgement.verdict.steadyStates).toMatchObject([{ kind: 'unknown' }])
  })
})

function flowsOf(...phases: readonly PhaseResult[]): PhaseResult['flows'] {
  return sumFlowLists(phases.map(({ flows }) => flows))
}
