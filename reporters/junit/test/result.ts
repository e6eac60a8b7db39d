import type { Run, RunResult, ScenarioResult } from '@cloudbench/core'

const at = new Date('2026-01-02T03:04:05.678Z')

const run: Run = {
  id: 'r',
  name: 'nightly',
  startedAt: at,
  scenarios: [],
  machines: [{ name: 'host', facts: {} }],
  configDigest: 'd',
  plugins: [],
  version: '1',
}

/** A scenario of which nothing was measured, with what a test is about in it. */
export function scenarioOf(id: string, change: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    scenario: {
      id,
      description: '',
      flows: [],
      phases: [],
      workers: 1,
      dispatch: 'tick',
      seed: 1,
      intervalMs: 1_000,
    },
    reason: 'passed',
    exitCode: 0,
    phases: [],
    checks: [],
    audits: [],
    errors: [],
    workers: [],
    ...change,
  }
}

export function resultOf(scenarios: readonly ScenarioResult[], change: Partial<RunResult> = {}): RunResult {
  return { run, endedAt: at, reason: 'passed', exitCode: 0, scenarios, checks: [], errors: [], ...change }
}
