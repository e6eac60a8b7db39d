import { CloudbenchError } from '../errors.ts'
import { sumFlowLists } from '../metrics/metrics.ts'
import type { CheckResult, PhaseResult, RunResult, ScenarioResult } from '../plugin/model.ts'
import { exitCodeOf, worstOf } from './exit-code.ts'

/**
 * Several results as one. Scenarios of different names stand side by side; the same scenario of the same
 * configuration is added up, histograms exactly: durations add when the runs came one after another, and rates when
 * they ran at the same time, as shards do.
 */
export function mergeResults(results: readonly RunResult[]): RunResult {
  const [first, ...others] = results
  if (!first)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: 'no result file was given',
      next: 'cloudbench report <file> …',
    })
  if (others.length === 0) return first
  const scenarios: ScenarioResult[] = []
  for (const result of results)
    for (const scenario of result.scenarios) {
      const at = scenarios.findIndex((known) => known.scenario.id === scenario.scenario.id)
      if (at === -1) scenarios.push(scenario)
      else {
        if (result.run.configDigest !== first.run.configDigest)
          throw different(scenario.scenario.id, first, result)
        scenarios[at] = mergeScenarios(scenarios[at]!, scenario)
      }
    }
  const reason = worstOf([
    ...results.map((result) => result.reason),
    ...scenarios.map((scenario) => scenario.reason),
  ])
  const plugins = new Map(
    results.flatMap(({ run }) => run.plugins.map((plugin) => [JSON.stringify(plugin), plugin] as const)),
  )
  const machines = new Map(
    results.flatMap(({ run }) => run.machines.map((machine) => [JSON.stringify(machine), machine] as const)),
  )
  return {
    run: {
      ...first.run,
      id: results.map(({ run }) => run.id).join('+'),
      startedAt: new Date(Math.min(...results.map(({ run }) => run.startedAt.getTime()))),
      scenarios: scenarios.map(({ scenario }) => scenario),
      plugins: [...plugins.values()],
      machines: [...machines.values()],
    },
    endedAt: new Date(Math.max(...results.map(({ endedAt }) => endedAt.getTime()))),
    reason,
    exitCode: exitCodeOf(reason),
    scenarios,
    checks: [...scenarios.flatMap(({ checks }) => checks), ...results.flatMap(addedChecks)],
    errors: results.flatMap(({ errors }) => errors),
  }
}

/** Those of the run, which belong to no scenario. */
function addedChecks({ checks }: RunResult): readonly CheckResult[] {
  return checks.filter(({ addedBy }) => addedBy?.hook === 'run:evaluate')
}

function mergeScenarios(a: ScenarioResult, b: ScenarioResult): ScenarioResult {
  const phases = a.phases.map((phase, at) => {
    const other = b.phases[at]
    return other ? mergePhases(phase, other) : phase
  })
  phases.push(...b.phases.slice(a.phases.length))
  const reason = worstOf([a.reason, b.reason])
  return {
    ...a,
    scenario: { ...a.scenario, workers: a.scenario.workers + b.scenario.workers },
    reason,
    exitCode: exitCodeOf(reason),
    phases,
    checks: [...a.checks, ...b.checks],
    audits: [...a.audits, ...b.audits],
    errors: [...a.errors, ...b.errors],
    workers: [...a.workers, ...b.workers],
  }
}

function mergePhases(a: PhaseResult, b: PhaseResult): PhaseResult {
  const [startA, startB] = [a.startedAt.getTime(), b.startedAt.getTime()]
  const areTogether = startA < startB + b.elapsedMs && startB < startA + a.elapsedMs
  return {
    phase: a.phase,
    startedAt: new Date(Math.min(startA, startB)),
    elapsedMs: areTogether ? Math.max(a.elapsedMs, b.elapsedMs) : a.elapsedMs + b.elapsedMs,
    flows: sumFlowLists([a.flows, b.flows]),
    generators: [...a.generators, ...b.generators],
    signals: [...a.signals, ...b.signals],
    intervals: [...a.intervals, ...b.intervals],
    breaches: [...a.breaches, ...b.breaches],
  }
}

function different(id: string, a: RunResult, b: RunResult): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_RESULT_FILE',
    what: `scenario "${id}" is in runs ${a.run.id} and ${b.run.id}, which had different configurations (digests ${a.run.configDigest.slice(0, 12)} and ${b.run.configDigest.slice(0, 12)})`,
    expected: 'results of the same configuration: others can be compared, not merged',
    next: 'report them separately',
  })
}
