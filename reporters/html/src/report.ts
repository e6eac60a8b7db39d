import type { EndReason, Run, RunResult, Scenario, ScenarioResult } from '@cloudbench/core'
import { slicesOf, type Slice } from './slices.ts'

/** How far a scenario is. */
export type State = EndReason | 'running' | 'waiting'

/** What is known of a scenario: all of it, or as much as has happened. */
export interface ScenarioReport extends Pick<
  ScenarioResult,
  | 'scenario'
  | 'phases'
  | 'aborted'
  | 'verdict'
  | 'checks'
  | 'audits'
  | 'errors'
  | 'workers'
  | 'prepared'
  | 'logs'
> {
  readonly state: State
  readonly slices: readonly Slice[]
}

/** What a page shows: of a run that is over, or of one that goes on. */
export interface Report {
  readonly run: Run
  readonly scenarios: readonly ScenarioReport[]
  /** Absent while the run goes on. */
  readonly result?: RunResult
  /** What is going on, such as `measure, 12 s of 30 s`, and how much of it is over, as a share. */
  readonly progress?: { readonly text: string; readonly share?: number }
}

export function reportOf(result: RunResult): Report {
  const ended = new Map(result.scenarios.map((scenario) => [scenario.scenario.id, scenario]))
  const unreached = result.run.scenarios.filter(({ id }) => !ended.has(id)).map(waiting)
  return { run: result.run, scenarios: [...result.scenarios.map(endedScenario), ...unreached], result }
}

export function endedScenario(result: ScenarioResult): ScenarioReport {
  return { ...result, state: result.reason, slices: slicesOf(result.phases) }
}

export function waiting(scenario: Scenario): ScenarioReport {
  return {
    scenario,
    state: 'waiting',
    phases: [],
    slices: [],
    checks: [],
    audits: [],
    errors: [],
    workers: [],
  }
}
