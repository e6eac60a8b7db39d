import {
  flatLine,
  type Interval,
  type Phase,
  type PhaseResult,
  type Run,
  type RunResult,
} from '@cloudbench/core'
import type { CheckResult, RunError, Scenario, ScenarioResult } from '@cloudbench/core'
import { flowOf, generatorOf, seconds, type Value } from './measured.ts'
import { verdictOf } from './verdict.ts'

/** It changes when a field changes its meaning or goes; new fields and new events may come at any time. */
const formatVersion = 1

/** One line. Every event names itself; keys are words of the format, and every name that users choose is a value. */
export interface Event {
  readonly event: string
  readonly [key: string]: Value
}

export function runStart({ id, name, startedAt, scenarios, version, configDigest }: Run): Event {
  return {
    event: 'run-start',
    format: 'cloudbench-ndjson',
    version: formatVersion,
    run: id,
    name,
    started_at: startedAt.toISOString(),
    scenarios: scenarios.map((scenario) => scenario.id),
    cloudbench: version,
    config_digest: configDigest,
  }
}

export function scenarioStart(scenario: Scenario): Event {
  const { id, description, tags, flows, workers, seed, source } = scenario
  return {
    event: 'scenario-start',
    scenario: id,
    description,
    tags: [...tags],
    ...(source && { source: { ...source } }),
    flows: flows.map(({ name, driver, workload, client, target }) => ({
      flow: name,
      driver,
      workload,
      client: client?.name ?? null,
      target: target.url,
      origin: target.origin,
    })),
    workers,
    seed,
  }
}

export function phaseStart({ scenario, name, kind, durationMs }: Phase): Event {
  return { event: 'phase-start', scenario, phase: name, kind, duration_sec: seconds(durationMs) }
}

export function interval({ phase, startMs, endMs, flows, generators, missing }: Interval): Event {
  const { scenario, name, kind } = phase
  return {
    event: 'interval',
    scenario,
    phase: name,
    kind,
    start_sec: seconds(startMs),
    end_sec: seconds(endMs),
    flows: flows.map((flow) => flowOf(flow, endMs - startMs)),
    generators: generators.map(generatorOf),
    missing,
  }
}

export function phaseEnd({ phase, startedAt, elapsedMs, flows, breaches }: PhaseResult): Event {
  const { scenario, name, kind } = phase
  return {
    event: 'phase-end',
    scenario,
    phase: name,
    kind,
    started_at: startedAt.toISOString(),
    elapsed_sec: seconds(elapsedMs),
    flows: flows.map((flow) => flowOf(flow, elapsedMs)),
    breaches: [...breaches],
  }
}

export function scenarioEnd(result: ScenarioResult): Event {
  return {
    event: 'scenario-end',
    result: result.reason,
    ...flatLine(result),
    judgement: result.verdict === undefined ? null : verdictOf(result.verdict),
    checks: result.checks.map(checkOf),
    audits: result.audits.map(({ flow, name, status, examined, violations, message }) => ({
      flow,
      name,
      status,
      examined,
      violations,
      message: message ?? null,
    })),
    problems: result.errors.map(errorOf),
  }
}

export function runEnd({ run, endedAt, reason, exitCode, checks, errors }: RunResult): Event {
  return {
    event: 'run-end',
    run: run.id,
    ended_at: endedAt.toISOString(),
    result: reason,
    exit: exitCode,
    checks: checks.map(checkOf),
    problems: errors.map(errorOf),
  }
}

function checkOf({
  name,
  scenario,
  status,
  expected,
  actual,
  value,
  limit,
  unit,
  validity,
  source,
}: CheckResult): Value {
  return {
    name,
    scenario,
    status,
    expected,
    actual,
    value: value ?? null,
    limit: limit ?? null,
    unit: unit ?? null,
    validity: validity ?? null,
    ...(source && { source: { ...source } }),
  }
}

function errorOf({ source, during, message, scenario }: RunError): Value {
  return { source, during, message, scenario: scenario ?? null }
}
