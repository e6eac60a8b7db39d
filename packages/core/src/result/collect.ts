import { CloudbenchError } from '../errors.ts'
import type { CheckResult, Run, RunResult, ScenarioResult, Setting } from '../plugin/model.ts'
import { exitCodeOf } from './exit-code.ts'
import { runReason } from './reason.ts'

/** Refuses what would count twice: a run, whether alone or as a part of a merged one. */
export function refuseTwice(results: readonly RunResult[]): void {
  const seen = new Set<string>()
  for (const { run } of results)
    for (const id of run.merged ?? [run.id]) {
      if (seen.has(id))
        throw new CloudbenchError({
          code: 'CB_RESULT_FILE',
          what: `run ${id} was given twice, and would count twice`,
          expected: 'every run once, alone or as a part of a merged result',
          next: 'leave one of the files out',
        })
      seen.add(id)
    }
}

/** Several runs as one to report on, each scenario as it was. Those of one name say which run they belong to. */
export function collectResults(results: readonly RunResult[]): RunResult {
  refuseTwice(results)
  if (results.length === 1) return results[0]!
  const ids = results.flatMap(({ run }) => run.scenarios.map(({ id }) => id))
  const shared = new Set(ids.filter((id, at) => ids.indexOf(id) !== at))
  const named = results.map((result) => {
    const nameOf = (id: string): string => (shared.has(id) ? `${id} (${result.run.id})` : id)
    return { ...result, scenarios: result.scenarios.map((scenario) => renamed(scenario, nameOf)), nameOf }
  })
  return together(
    named,
    named.flatMap(({ scenarios }) => scenarios),
    named.flatMap(({ checks, nameOf }) =>
      addedChecks(checks).map((check) => ({ ...check, scenario: nameOf(check.scenario) })),
    ),
  )
}

/** A run made of runs. Its reason follows from theirs. */
export function together(
  results: readonly RunResult[],
  scenarios: readonly ScenarioResult[],
  added: readonly CheckResult[],
): RunResult {
  const [first] = results
  const parts = {
    scenarios,
    checks: [...scenarios.flatMap(({ checks }) => checks), ...added],
    errors: results.flatMap(({ errors }) => errors),
  }
  const reason = runReason(
    parts,
    results.some((result) => result.reason === 'interrupted'),
  )
  return {
    run: {
      ...first!.run,
      id: `${first!.run.id}+${results.length - 1}`,
      merged: results.flatMap(({ run }) => run.merged ?? [run.id]),
      startedAt: new Date(Math.min(...results.map(({ run }) => run.startedAt.getTime()))),
      scenarios: scenarios.map(({ scenario }) => scenario),
      ...configurationOf(results),
      plugins: distinct(results.flatMap(({ run }) => run.plugins)),
      machines: distinct(results.flatMap(({ run }) => run.machines)),
    },
    endedAt: new Date(Math.max(...results.map(({ endedAt }) => endedAt.getTime()))),
    reason,
    exitCode: exitCodeOf(reason),
    ...parts,
  }
}

/** What all runs have in common, and what only some have with the run that has it. */
function configurationOf(results: readonly RunResult[]): Pick<Run, 'configuration'> {
  const known = results.filter(({ run }) => run.configuration !== undefined)
  if (known.length === 0) return {}
  const holders = new Map<string, RunResult[]>()
  for (const result of known)
    for (const setting of result.run.configuration!) {
      const key = JSON.stringify(setting)
      holders.set(key, [...(holders.get(key) ?? []), result])
    }
  const configuration = [...holders].flatMap(([key, having]) => {
    const setting = JSON.parse(key) as Setting
    if (having.length === results.length) return [setting]
    return having.map(({ run }) => ({ ...setting, origin: `${setting.origin} (run ${run.id})` }))
  })
  return { configuration: configuration.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)) }
}

/** Those of the run, which belong to no scenario. */
export function addedChecks(checks: readonly CheckResult[]): readonly CheckResult[] {
  return checks.filter(({ addedBy }) => addedBy?.hook === 'run:evaluate')
}

function renamed(result: ScenarioResult, nameOf: (id: string) => string): ScenarioResult {
  const id = nameOf(result.scenario.id)
  if (id === result.scenario.id) return result
  const phases = result.scenario.phases.map((phase) => ({ ...phase, scenario: id }))
  return {
    ...result,
    scenario: { ...result.scenario, id, phases },
    phases: result.phases.map((measured, at) => ({
      ...measured,
      phase: phases[at]!,
      intervals: measured.intervals.map((interval) => ({ ...interval, phase: phases[at]! })),
    })),
    checks: result.checks.map((check) => ({ ...check, scenario: id })),
    errors: result.errors.map((error) => ({ ...error, scenario: id })),
  }
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}
