import { flatLine, type Run, type RunResult, type ScenarioResult } from '@cloudbench/core'
import { distinct, elementOf, ofError, seconds, testcasesOf, type Testcase } from './testcase.ts'
import { document, type Element } from './xml.ts'

interface Suite {
  readonly name: string
  readonly timeMs: number
  readonly startedAt: Date
  readonly properties: Readonly<Record<string, string | number>>
  readonly testcases: readonly Testcase[]
}

/** A run as JUnit XML: a test suite per scenario, and one for the run where something went wrong outside of them. */
export function report(result: RunResult): string {
  const suites = [...result.scenarios.map((scenario) => suiteOf(scenario, result.run)), ...runSuite(result)]
  const all = suites.flatMap(({ testcases }) => testcases)
  const { tests, failures, errors } = countsOf(all)
  const timeMs = suites.reduce((sum, suite) => sum + suite.timeMs, 0)
  return document({
    name: 'testsuites',
    attributes: { name: result.run.name, tests, failures, errors, time: seconds(timeMs) },
    children: suites.map((suite) => suiteElement(suite, result.run)),
  })
}

function suiteOf(result: ScenarioResult, run: Run): Suite {
  const { scenario, phases, reason } = result
  const targets = scenario.flows.map(({ name, target }) => [
    `target_${name}`,
    `${target.url} (${target.origin})`,
  ])
  return {
    name: scenario.id,
    timeMs: phases.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
    startedAt: phases[0]?.startedAt ?? run.startedAt,
    properties: { reason, ...measured(result), ...Object.fromEntries(targets) },
    testcases: testcasesOf(result),
  }
}

/** The figures of the flat line that there are. */
function measured(result: ScenarioResult): Record<string, string | number> {
  const { scenario: _, ...figures } = flatLine(result)
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, figure]) => (figure === null ? [] : [[name, figure]])),
  )
}

function runSuite({ run, scenarios, errors }: RunResult): Suite[] {
  const testcases = errors.filter(({ scenario }) => scenario === undefined).map(ofError)
  if (scenarios.length === 0) testcases.unshift(nothingRan)
  if (testcases.length === 0) return []
  return [
    { name: 'run', timeMs: 0, startedAt: run.startedAt, properties: {}, testcases: distinct(testcases) },
  ]
}

const nothingRan: Testcase = {
  name: 'completed',
  type: 'empty',
  end: 'error',
  message: 'no scenario has run',
}

function suiteElement({ name, timeMs, startedAt, properties, testcases }: Suite, run: Run): Element {
  const about = {
    run: run.id,
    config_digest: run.configDigest,
    cloudbench_version: run.version,
    ...properties,
  }
  return {
    name: 'testsuite',
    attributes: {
      name,
      ...countsOf(testcases),
      time: seconds(timeMs),
      // without a zone and without fractions, as the readers' date parsers want it: UTC
      timestamp: startedAt.toISOString().slice(0, 19),
      hostname: run.machines[0]?.name,
    },
    children: [
      {
        name: 'properties',
        children: Object.entries(about).map(([key, value]) => ({
          name: 'property',
          attributes: { name: key, value },
        })),
      },
      ...testcases.map((testcase) => elementOf(testcase, `cloudbench.${name}`)),
    ],
  }
}

function countsOf(
  testcases: readonly Testcase[],
): Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>> {
  const count = (end: Testcase['end']): number => testcases.filter((testcase) => testcase.end === end).length
  return {
    tests: testcases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  }
}
