import { flatLine } from '@cloudbench/core'
import type {
  CheckResult,
  Run,
  RunError,
  RunResult,
  Scenario,
  ScenarioResult,
  Source,
} from '@cloudbench/core'
import {
  auditCase,
  checkCase,
  completedCase,
  errorCase,
  tells,
  verdictCase,
  type TestCase,
} from './test-case.ts'

/** A scenario, or what belongs to the run as a whole. */
export interface Suite {
  readonly name: string
  /** Of the scenario. */
  readonly source?: Source | undefined
  readonly startedAt: Date
  readonly durationMs: number
  readonly properties: readonly Property[]
  /** Never empty. */
  readonly cases: readonly TestCase[]
}

type Property = readonly [name: string, value: string | number]

/** A suite per scenario, in their order, and after them one for the run if something belongs to it alone. */
export function suitesOf(result: RunResult): Suite[] {
  const { run, scenarios } = result
  const known = new Set(run.scenarios.map(({ id }) => id))
  const ended = new Set(scenarios.map(({ scenario }) => scenario.id))
  const added = { checks: addedChecks(result), errors: result.errors }
  const suites = [
    ...scenarios.map((scenario) => scenarioSuite(scenario, run, partFor(added, scenario.scenario.id))),
    ...run.scenarios
      .filter(({ id }) => !ended.has(id))
      .map((scenario) => unreachedSuite(scenario, run, partFor(added, scenario.id))),
  ]
  const rest = {
    checks: added.checks.filter(({ scenario }) => !known.has(scenario)),
    errors: added.errors.filter(({ scenario }) => scenario === undefined || !known.has(scenario)),
  }
  return [...suites, ...runSuite(result, rest, suites)]
}

/** What a file says until its run is over; a file that still says it belongs to a run that never finished. */
export function unfinishedSuites(run: Run): Suite[] {
  const cases = [
    completedCase(
      'error',
      'the run has not ended\nIf it is no longer running, its process was killed before it could report.',
    ),
  ]
  const scenarios = run.scenarios.map((scenario) => ({
    ...bareSuite(run, scenario.id, scenario.source),
    properties: [...scenarioProperties(scenario), ...runProperties(run)],
    cases,
  }))
  return scenarios.length > 0 ? scenarios : [{ ...bareSuite(run, run.name), cases }]
}

interface Added {
  readonly checks: readonly CheckResult[]
  readonly errors: readonly RunError[]
}

function scenarioSuite(result: ScenarioResult, run: Run, added: Added): Suite {
  const { scenario, phases, reason } = result
  // broken laws of accounting are among the errors
  const own = casesOf({ ...result, errors: [...result.errors, ...added.errors] }, result.audits)
  const cases = [
    ...own,
    ...added.checks.map(checkCase),
    ...(result.verdict === undefined ? [] : [verdictCase(result.verdict)]),
  ]
  const isTold = tells(cases, reason)
  return {
    name: scenario.id,
    source: scenario.source,
    startedAt: phases[0]?.startedAt ?? run.startedAt,
    durationMs: phases.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
    properties: [
      ...measuredProperties(result),
      ...doubtProperties(result),
      ['reason', reason],
      ...scenarioProperties(scenario),
      ...runProperties(run),
    ],
    cases: result.checks.length > 0 && isTold ? cases : [completion(result, isTold), ...cases],
  }
}

/** Errors have their own cases; `completed` must not count them again. */
function completion({ reason }: Pick<ScenarioResult, 'reason'>, isTold: boolean): TestCase {
  switch (reason) {
    case 'interrupted':
      return completedCase('skipped', 'the run was interrupted before the scenario had ended')
    case 'errored':
      return completedCase(isTold ? 'skipped' : 'error', 'the scenario did not complete')
    case 'invalid':
      return completedCase(
        isTold ? 'passed' : 'error',
        isTold ? ranToItsEnd : 'what was measured cannot be believed',
      )
    case 'failed':
      return completedCase(isTold ? 'passed' : 'failure', isTold ? ranToItsEnd : 'the scenario failed')
    case 'passed':
      return completedCase('passed', ranToItsEnd)
  }
}

const ranToItsEnd = 'the scenario completed'

function unreachedSuite(scenario: Scenario, run: Run, added: Added): Suite {
  const skipped = completedCase('skipped', 'the run ended before the scenario began')
  return {
    ...bareSuite(run, scenario.id, scenario.source),
    properties: [...scenarioProperties(scenario), ...runProperties(run)],
    cases: [skipped, ...casesOf(added)],
  }
}

/** None if the suites of the scenarios say everything. */
function runSuite(result: RunResult, rest: Added, suites: readonly Suite[]): Suite[] {
  const { run, reason, scenarios } = result
  const own = casesOf(rest)
  const isTold =
    reason === 'interrupted'
      ? scenarios.length < run.scenarios.length || scenarios.some((scenario) => scenario.reason === reason)
      : tells([...own, ...suites.flatMap(({ cases }) => cases)], reason)
  const cases = isTold ? own : [runCompletion(result), ...own]
  return cases.length > 0 ? [{ ...bareSuite(run, run.name), cases }] : []
}

/** For a run whose end shows nowhere else. */
function runCompletion({ reason, scenarios }: RunResult): TestCase {
  if (reason === 'interrupted') return completedCase('skipped', 'the run was interrupted')
  if (scenarios.length === 0) return completedCase('error', 'no scenario ran, so nothing was measured')
  if (reason === 'passed') return completedCase('passed', 'the run passed')
  if (reason === 'invalid') return completedCase('error', 'what the run measured cannot be believed')
  return completedCase(reason === 'failed' ? 'failure' : 'error', `the run ${reason}`)
}

function bareSuite(run: Run, name: string, source?: Source): Omit<Suite, 'cases'> {
  return { name, source, startedAt: run.startedAt, durationMs: 0, properties: runProperties(run) }
}

function casesOf({ checks, errors }: Added, audits: ScenarioResult['audits'] = []): TestCase[] {
  return [...checks.map(checkCase), ...audits.map(auditCase), ...errors.map(errorCase)]
}

function partFor({ checks, errors }: Added, id: string): Added {
  return {
    checks: checks.filter(({ scenario }) => scenario === id),
    errors: errors.filter(({ scenario }) => scenario === id),
  }
}

/** Those of the run, which belong to no scenario. */
function addedChecks({ checks }: RunResult): readonly CheckResult[] {
  return checks.filter(({ addedBy }) => addedBy?.hook === 'run:evaluate')
}

/** The flat line, without what was not measured. Lists become one text. */
function measuredProperties(result: ScenarioResult): Property[] {
  return Object.entries(flatLine(result)).flatMap(([name, value]): Property[] => {
    const shown = typeof value === 'object' ? value?.join(' ') : value
    return shown === undefined || shown === '' ? [] : [[name, shown]]
  })
}

/** What limited the rate, and of every number that is not valid, how it stands. */
function doubtProperties({ scenario, verdict }: ScenarioResult): Property[] {
  if (verdict === undefined) return []
  const { limitedBy, numbers, signals } = verdict
  const read = signals.filter(({ validity }) => validity !== 'unknown').length
  return [
    ...(limitedBy === undefined ? [] : [['limited_by', limitedBy] satisfies Property]),
    ['signals_read', read],
    ['signals_known', signals.length],
    ...numbers
      .filter(({ operation, validity }) => operation === undefined && validity !== 'valid')
      // of an only flow the numbers are those of the whole
      .filter(({ flow }) => flow === undefined || scenario.flows.length > 1)
      .map(({ flow, metric, validity }): Property => {
        const place = flow === undefined ? metric : `${flow}/${metric}`
        return [`validity.${place}`, validity]
      }),
  ]
}

function scenarioProperties({ seed, tags, flows }: Scenario): Property[] {
  return [
    ['seed', seed],
    // readers keep one property of a name
    ...(tags.length > 0 ? [['tags', tags.join(',')] satisfies Property] : []),
    ...flows.map(({ name, target: { url, origin } }): Property => [`target.${name}`, `${url} (${origin})`]),
  ]
}

function runProperties({ id, startedAt, configDigest, version }: Run): Property[] {
  return [
    ['run_id', id],
    ['run_started_at', startedAt.toISOString()],
    ['config_digest', configDigest],
    ['cloudbench_version', version],
  ]
}
