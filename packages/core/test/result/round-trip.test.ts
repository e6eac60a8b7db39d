import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AuditResult } from '../../src/plugin/driver.ts'
import type { CheckResult, RunResult, ScenarioResult } from '../../src/plugin/model.ts'
import type { Validity, Verdict } from '../../src/plugin/verdict.ts'
import { collectResults } from '../../src/result/collect.ts'
import { exitCodeOf } from '../../src/result/exit-code.ts'
import { resultFile } from '../../src/result/file.ts'
import { flatLine } from '../../src/result/flat-line.ts'
import { mergeResults } from '../../src/result/merge.ts'
import { readResult } from '../../src/result/read.ts'
import { scenarioReason, withErrors } from '../../src/result/reason.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady } from '../support/run.ts'

/** How a scenario may end, in every combination. */
interface Ending {
  readonly check: CheckResult['status'] | 'none'
  readonly audit: AuditResult['status'] | 'none'
  readonly isInterrupted: boolean
  readonly error: 'target' | 'worker 0' | 'none'
  readonly isBreached: boolean
  readonly validity: Validity | 'none'
  readonly required: Verdict['required']
  readonly isInvalidAllowed: boolean
  /** It ended before anything was measured. */
  readonly isUnmeasured: boolean
}

/** Mostly not, so that every ending has its turn. */
const seldom = fc.nat(4).map((number) => number === 0)
const audited = fc.constantFrom('passed', 'failed', 'skipped', 'none')
const status = fc.oneof({ arbitrary: audited, weight: 6 }, fc.constant('invalid' as const))
const ending: fc.Arbitrary<Ending> = fc.record({
  check: status,
  audit: audited,
  isInterrupted: seldom,
  error: fc.oneof({ arbitrary: fc.constant('none'), weight: 4 }, fc.constantFrom('target', 'worker 0')),
  isBreached: seldom,
  validity: fc.constantFrom('valid', 'suspect', 'invalid', 'unknown', 'none'),
  required: fc.constantFrom('suspect', 'valid'),
  isInvalidAllowed: seldom,
  isUnmeasured: seldom,
})

function ended(base: ScenarioResult, id: string, given: Ending): ScenarioResult {
  const { check, audit, isInterrupted } = given
  // a broken law and a load that did not happen are errors too
  const sources = [
    ...(given.error === 'none' ? [] : [given.error]),
    ...(given.isBreached ? ['accounting'] : []),
    ...(given.isUnmeasured && !isInterrupted ? ['target'] : []),
  ]
  const errors = sources.map((source) => ({
    source,
    during: 'load',
    message: 'it died\n\u001B[31m',
    scenario: id,
  }))
  const { verdict: _, ...bare } = base
  const verdict = given.validity === 'none' || given.isUnmeasured ? undefined : verdictOf(base, given)
  const addedBy = { plugin: 'budget', hook: 'scenario:evaluate' } as const
  const measured = {
    ...bare,
    ...(verdict && { verdict }),
    scenario: {
      ...base.scenario,
      id,
      phases: base.scenario.phases.map((phase) => ({ ...phase, scenario: id })),
    },
    phases: given.isUnmeasured
      ? []
      : base.phases.map((phase) => ({ ...phase, breaches: given.isBreached ? ['sent 4 ≠ 3'] : [] })),
    checks:
      check === 'none'
        ? []
        : [{ name: 'budget', scenario: id, status: check, expected: '< 1', actual: '2', addedBy }],
    audits:
      audit === 'none'
        ? []
        : [
            {
              name: 'kept',
              flow: 'main',
              status: audit,
              examined: 9,
              violations: audit === 'failed' ? 1 : 0,
            },
          ],
    errors,
  }
  const reason = scenarioReason(measured, isInterrupted)
  return { ...measured, reason, exitCode: exitCodeOf(reason) }
}

/** One that its own numbers and reasons bear out. */
function verdictOf(
  { phases }: ScenarioResult,
  { isInvalidAllowed, required, validity }: Pick<Ending, 'isInvalidAllowed' | 'required' | 'validity'>,
): Verdict {
  const { total } = phases[0]!.flows[0]!
  const state = { metric: 'response.p50', unit: 'ns', value: total.response.percentile(50) } as const
  const doubt = validity === 'valid' || validity === 'none' ? undefined : validity
  return {
    validity: doubt ?? 'valid',
    reasons: [
      {
        code: 'GENERATOR_LAG',
        validity: doubt ?? 'invalid',
        text: 'it was late',
        advice: 'use more',
        flow: 'main',
      },
    ],
    numbers: [
      { ...state, interval: { low: 1.5, high: null }, grade: 'indicative', validity: 'valid', codes: [] },
      {
        ...state,
        flow: 'main',
        metric: 'response.p99.9',
        value: total.response.percentile(99.9),
        isLowerBound: true,
        validity: doubt ?? 'invalid',
        codes: ['GENERATOR_LAG'],
      },
    ],
    steadyStates: [{ flow: 'main', kind: 'warmup', steadyFromMs: 100, drift: -0.5 }],
    signals: [
      { name: 'steal', validity: 'unknown', suspectAbove: 0.01, invalidAbove: null, unit: 'share' },
      { name: 'clock', validity: 'valid', observed: 3, suspectAbove: 100, invalidAbove: null, unit: 'ppm' },
    ],
    required,
    isInvalidAllowed,
  }
}

const passing: Ending = {
  check: 'passed',
  audit: 'passed',
  isInterrupted: false,
  error: 'none',
  isBreached: false,
  validity: 'valid',
  required: 'suspect',
  isInvalidAllowed: false,
  isUnmeasured: false,
}
/** One of each reason, whatever is drawn besides. */
const ofEachReason: readonly Ending[] = [
  passing,
  { ...passing, check: 'failed' },
  { ...passing, validity: 'invalid' },
  { ...passing, error: 'target' },
  { ...passing, isInterrupted: true },
]
const undisturbed = { hasError: false, check: 'none', isInterrupted: false } as const

it('a result that is stored and read again ended as it did, whatever it ended with', async () => {
  const run = await runSteady({ durationMs: 200 })
  const [base] = run.scenarios
  const reasons = new Set<string>()
  const inRun = fc.record({ hasError: seldom, check: status, isInterrupted: seldom })
  await fc.assert(
    fc.asyncProperty(
      fc.array(ending, { maxLength: 3 }),
      inRun,
      async (given, { check, hasError, isInterrupted }) => {
        const scenarios = given.map((one, at) => ended(base!, `s${at}`, one))
        const addedBy = { plugin: 'budget', hook: 'run:evaluate' } as const
        const own =
          check === 'none'
            ? []
            : [{ name: 'all', scenario: '', status: check, expected: '', actual: '', addedBy }]
        const isCut = isInterrupted || scenarios.some(({ reason }) => reason === 'interrupted')
        const result: RunResult = withErrors(
          {
            ...run,
            run: { ...run.run, scenarios: scenarios.map(({ scenario }) => scenario) },
            scenarios,
            checks: [...scenarios.flatMap(({ checks }) => checks), ...own],
            errors: [],
          },
          hasError ? [{ source: 'json', during: 'scenario:end', message: 'no space' }] : [],
          (text) => text,
          isCut,
        )
        reasons.add(result.reason)
        const again = await readResult(fileOf(resultFile(result)))
        for (const one of [again, collectResults([again]), mergeResults([again])]) {
          expect([one.reason, one.exitCode]).toEqual([result.reason, exitCodeOf(result.reason)])
          expect(one.scenarios.map(flatLine)).toEqual(scenarios.map(flatLine))
          const endings = ({ audits, errors, reason, verdict }: ScenarioResult) => ({
            audits,
            errors,
            reason,
            verdict,
          })
          expect(one.scenarios.map(endings)).toEqual(scenarios.map(endings))
          expect([one.checks, one.errors]).toEqual([result.checks, result.errors])
          // what the last line adds
          expect(withErrors(one, [], (text) => text)).toMatchObject({ reason: result.reason })
        }
      },
    ),
    {
      numRuns: 150,
      examples: ofEachReason.map((one): [Ending[], typeof undisturbed] => [[one], undisturbed]),
    },
  )
  expect([...reasons].toSorted()).toEqual(['errored', 'failed', 'interrupted', 'invalid', 'passed'])
}, 120_000)
