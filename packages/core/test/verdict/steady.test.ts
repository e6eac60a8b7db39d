import { expect, test } from 'vitest'
import { sumFlowLists } from '../../src/metrics/metrics.ts'
import type { Interval } from '../../src/plugin/model.ts'
import { judge, type Evidence } from '../../src/verdict/judge.ts'
import { times } from '../metrics/measured.ts'
import { madeUp } from './made-up.ts'
import { numberIn, reasonIn } from './simulated.ts'

/** A run of a minute whose requests take as long as is said for each second. */
function taking(msOf: (second: number) => number): Evidence {
  const evidence = madeUp({ seconds: 60 })
  const [phase] = evidence.phases
  const intervals = phase!.intervals.map((interval, second): Interval => {
    // a little noise, or there is nothing to see a change against
    const ms = msOf(second) * (1 + 0.01 * Math.sin(second * second))
    const took = times(Array.from({ length: 1000 }, (_, at) => ms * (1 + at / 5000)))
    const flows = interval.flows.map((flow) => {
      const work = { ...flow.total, response: took, service: took }
      return { ...flow, operations: { work }, total: work }
    })
    return { ...interval, flows }
  })
  const flows = sumFlowLists(intervals.map((interval) => interval.flows))
  return { ...evidence, phases: [{ ...phase!, flows, intervals }] }
}

test('a latency that stays as it is is flat', () => {
  const { verdict } = judge(taking(() => 20))
  expect(verdict.steadyStates).toEqual([{ flow: 'main', kind: 'flat', steadyFromMs: 0 }])
  expect(verdict.validity).toBe('valid')
})

test('one that becomes better is a warm-up, and from when on it was steady is told', () => {
  const { verdict } = judge(taking((second) => (second < 15 ? 40 : 20)))
  expect(verdict.steadyStates).toMatchObject([{ kind: 'warmup', steadyFromMs: 15_000 }])
  expect(verdict.reasons[0]).toMatchObject({
    code: 'NOT_STEADY',
    validity: 'suspect',
    text: 'the latency was worse at first, until 15 s',
  })
})

test('one that becomes worse is suspect', () => {
  const judgement = judge(taking((second) => (second < 15 ? 20 : 40)))
  expect(judgement.verdict.steadyStates).toMatchObject([{ kind: 'slowdown' }])
  expect(numberIn(judgement, 'response.p50')).toMatchObject({ validity: 'suspect', codes: ['NOT_STEADY'] })
  expect(numberIn(judgement, 'rate').validity).toBe('valid')
})

test('one that never settles is invalid', () => {
  const judgement = judge(taking((second) => (second < 20 ? 20 : second < 45 ? 60 : 30)))
  expect(judgement.verdict.steadyStates).toEqual([{ flow: 'main', kind: 'not steady' }])
  expect(numberIn(judgement, 'response.p99')).toMatchObject({ validity: 'invalid' })
  expect(numberIn(judgement, 'response.p99').codes).toContain('NOT_STEADY')
  expect(reasonIn(judgement, 'NOT_STEADY').validity).toBe('invalid')
  expect(judgement.verdict.validity).toBe('suspect')
})

test('a change of a few microseconds is none', () => {
  const { verdict } = judge(taking((second) => (second < 30 ? 0.08 : 0.12)))
  expect(verdict.steadyStates).toMatchObject([{ kind: 'flat' }])
})

test('ten seconds are too few to tell', () => {
  expect(judge(madeUp()).verdict.steadyStates).toEqual([{ flow: 'main', kind: 'unknown' }])
})
