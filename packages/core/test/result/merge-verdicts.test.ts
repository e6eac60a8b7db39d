import { beforeAll, expect, it } from 'vitest'
import type { RunResult } from '../../src/plugin/model.ts'
import type { NumberVerdict, Verdict } from '../../src/plugin/verdict.ts'
import { resultFile } from '../../src/result/file.ts'
import { mergeResults } from '../../src/result/merge.ts'
import { readResult } from '../../src/result/read.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady } from '../support/run.ts'

let run: RunResult
beforeAll(async () => {
  run = await runSteady({ durationMs: 400 })
})

/** The same run an hour later, under another name, with another verdict. */
function later(hours: number, verdict: Verdict | undefined): RunResult {
  const [scenario] = run.scenarios
  const { verdict: _, ...rest } = scenario!
  const phases = rest.phases.map((phase) => ({
    ...phase,
    startedAt: new Date(phase.startedAt.getTime() + hours * 3_600_000),
  }))
  const changed = { ...rest, phases, ...(verdict && { verdict }) }
  return { ...run, run: { ...run.run, id: `run-${hours}` }, scenarios: [changed] }
}

const median = (): NumberVerdict => {
  const { response } = run.scenarios[0]!.phases[0]!.flows[0]!.total
  const value = response.percentile(50)
  return { metric: 'response.p50', unit: 'ns', value, validity: 'valid', codes: [] }
}

const verdict = (change: Partial<Verdict>): Verdict => ({
  validity: 'valid',
  reasons: [],
  numbers: [median()],
  steadyStates: [{ flow: 'main', kind: 'flat', steadyFromMs: 10 }],
  signals: [
    { name: 'steal', validity: 'valid', observed: 0, suspectAbove: 0.01, invalidAbove: 0.05, unit: 'share' },
  ],
  required: 'suspect',
  isInvalidAllowed: false,
  ...change,
})

const late = { code: 'GENERATOR_LAG', validity: 'suspect', text: 'it was late', advice: 'use more' } as const

const merged = (...verdicts: (Verdict | undefined)[]): RunResult =>
  mergeResults(verdicts.map((one, at) => later(at, one)))

it('is as good as the worst of the runs, with the reasons of all', () => {
  const suspect = verdict({
    validity: 'suspect',
    reasons: [late],
    numbers: [{ ...median(), validity: 'suspect', codes: ['GENERATOR_LAG'], interval: { low: 1, high: 2 } }],
    steadyStates: [{ flow: 'main', kind: 'not steady' }],
    signals: [
      {
        name: 'steal',
        validity: 'suspect',
        observed: 0.02,
        suspectAbove: 0.01,
        invalidAbove: 0.05,
        unit: 'share',
      },
    ],
  })
  const whole = merged(verdict({}), suspect).scenarios[0]!.verdict!
  expect(whole).toMatchObject({ validity: 'suspect', reasons: [late] })
  expect(whole.steadyStates).toEqual([{ flow: 'main', kind: 'not steady' }])
  expect(whole.signals).toMatchObject([{ name: 'steal', validity: 'suspect', observed: 0.02 }])
  // the sum has no course that an interval could come from
  expect(whole.numbers).toEqual([{ ...median(), validity: 'suspect', codes: ['GENERATOR_LAG'] }])
})

it('is unknown at best where a run has none', () => {
  expect(merged(verdict({}), undefined).scenarios[0]!.verdict).toMatchObject({
    validity: 'unknown',
    numbers: [{ validity: 'unknown' }],
  })
  expect(merged(undefined, undefined).scenarios[0]!.verdict).toBeUndefined()
})

it('agrees with the numbers beside it, in a file that is read again', async () => {
  const result = merged(verdict({}), verdict({ validity: 'suspect', reasons: [late] }))
  const again = await readResult(fileOf(resultFile(result)))
  expect(again.scenarios[0]!.verdict).toEqual(result.scenarios[0]!.verdict)
})
