import { measuredOf, sumFlows, type Interval, type RunResult } from '@cloudbench/core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  begun,
  withEnd,
  withInterval,
  withPhase,
  withPhaseEnd,
  withRunEnd,
  type Progress,
} from '../src/progress.ts'
import { folder, run, steady } from './support/run.ts'

let result: RunResult

beforeAll(async () => {
  const scenarios = {
    steady: {
      ...steady,
      warmup: '200ms',
      interval: '50ms',
      checks: { 'response.p99': '< 25ms' },
    },
  }
  const cwd = await folder(afterAll)
  result = (await run({ cwd, options: { listen: 0, linger: '0s' }, scenarios })).result
})

const requestsOf = ({ total }: Progress): number => sumFlows(total.flows).total.sent

function played(groups: (intervals: readonly Interval[]) => readonly Interval[]): Progress[] {
  const { scenario, phases } = result.scenarios[0]!
  const steps = [begun(result.run, scenario)]
  const step = (next: (progress: Progress) => Progress): void => void steps.push(next(steps.at(-1)!))
  for (const phase of phases) {
    step((progress) => withPhase(progress, phase.phase))
    for (const interval of groups(phase.intervals)) step((progress) => withInterval(progress, interval))
    step((progress) => withPhaseEnd(progress, phase))
  }
  step((progress) => withEnd(progress, result.scenarios[0]!))
  step((progress) => withRunEnd(progress, result))
  return steps
}

test('intervals add up to the whole, and what the end says is the same whichever of them came', () => {
  const { total } = sumFlows(measuredOf(result.scenarios[0]!).flows)
  const all = played((intervals) => intervals)
  // the last interval, the end of the phase, of the scenario and of the run
  expect(all.slice(-4).map(requestsOf)).toEqual([total.sent, total.sent, total.sent, total.sent])
  fc.assert(
    fc.property(fc.infiniteStream(fc.boolean()), (kept) => {
      const some = played((intervals) => intervals.filter(() => kept.next().value))
      expect(requestsOf(some.at(-1)!)).toBe(total.sent)
      expect(some.at(-1)!.total.endMs).toBe(all.at(-1)!.total.endMs)
    }),
    { numRuns: 20 },
  )
})

test('a warm-up counts for nothing, but its names are there', () => {
  const warm = played((intervals) => intervals).filter(({ phase }) => phase?.kind === 'warmup')
  expect(warm.map(requestsOf)).toEqual(warm.map(() => 0))
  const { total } = warm.at(-1)!
  expect(Object.keys(total.flows[0]!.operations).toSorted()).toEqual(['get', 'set'])
  expect(total.flows[0]!.operations['get']!.outcomes).toEqual({ hit: { count: 0, ok: true } })
  expect(total.flows[0]!.counters).toEqual({ 'cache.hits': 0, 'cache.misses': 0 })
})

test('what it is checked for is known from the start', () => {
  expect(begun(result.run, result.run.scenarios[0]!).scenario.checks).toEqual([
    { name: 'response.p99', expected: '< 25ms', limits: [25_000_000], unit: 'ns' },
  ])
})

test('a check of the run is a check of each scenario, and one that never began ended as the run did', () => {
  const { scenario } = result.scenarios[0]!
  const check = {
    name: 'last month',
    scenario: '',
    status: 'failed',
    expected: 'faster',
    actual: 'slower',
  } as const
  const ofOther = { ...check, scenario: 'other' }
  const runOfTwo = { ...result.run, scenarios: [scenario, { ...scenario, id: 'other' }] }
  const ended = withRunEnd(begun(runOfTwo, scenario), {
    ...result,
    run: runOfTwo,
    reason: 'interrupted',
    checks: [check, ofOther],
  })
  expect(ended).toMatchObject({ reason: 'interrupted', checks: [check] })
})
