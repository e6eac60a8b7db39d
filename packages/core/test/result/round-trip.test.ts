import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AuditResult } from '../../src/plugin/driver.ts'
import type { CheckResult, RunResult, ScenarioResult } from '../../src/plugin/model.ts'
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
  readonly hasError: boolean
  readonly isBreached: boolean
  /** It ended before anything was measured. */
  readonly isUnmeasured: boolean
}

/** Mostly not, so that every ending has its turn. */
const seldom = fc.nat(4).map((number) => number === 0)
const status = fc.constantFrom('passed', 'failed', 'skipped', 'none')
const ending: fc.Arbitrary<Ending> = fc.record({
  check: status,
  audit: status,
  isInterrupted: seldom,
  hasError: seldom,
  isBreached: seldom,
  isUnmeasured: seldom,
})

function ended(base: ScenarioResult, id: string, given: Ending): ScenarioResult {
  const { check, audit, isInterrupted } = given
  const problem = { source: 'worker 0', during: 'load', message: 'it died\n\u001B[31m', scenario: id }
  // a broken law and a load that did not happen are errors too
  const isErrored = given.hasError || given.isBreached || (given.isUnmeasured && !isInterrupted)
  const errors = isErrored ? [problem] : []
  const addedBy = { plugin: 'budget', hook: 'scenario:evaluate' } as const
  const measured = {
    ...base,
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

it('a result that is stored and read again ended as it did, whatever it ended with', async () => {
  const run = await runSteady({ durationMs: 200 })
  const [base] = run.scenarios
  const reasons = new Set<string>()
  const inRun = fc.record({ hasError: seldom, check: status, isInterrupted: seldom })
  await fc.assert(
    fc.asyncProperty(
      fc.array(ending, { maxLength: 3 }),
      inRun,
      async (endings, { check, hasError, isInterrupted }) => {
        const scenarios = endings.map((given, at) => ended(base!, `s${at}`, given))
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
          expect(one.scenarios.map(({ reason, errors, audits }) => ({ reason, errors, audits }))).toEqual(
            scenarios.map(({ reason, errors, audits }) => ({ reason, errors, audits })),
          )
          expect([one.checks, one.errors]).toEqual([result.checks, result.errors])
          // what the last line adds
          expect(withErrors(one, [], (text) => text)).toMatchObject({ reason: result.reason })
        }
      },
    ),
    { numRuns: 150 },
  )
  expect([...reasons].toSorted()).toEqual(['errored', 'failed', 'interrupted', 'passed'])
}, 120_000)
