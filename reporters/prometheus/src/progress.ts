import {
  sumFlow,
  sumFlowLists,
  sumGenerators,
  sumMetrics,
  sumSignals,
  type CheckResult,
  type EndReason,
  type FlowMetrics,
  type Interval,
  type Metrics,
  type OutcomeCount,
  type Phase,
  type PhaseResult,
  type Run,
  type RunResult,
  type Scenario,
  type ScenarioResult,
} from '@cloudbench/core'

/** What was measured over some time. */
export type Part = Pick<Interval, 'startMs' | 'endMs' | 'flows' | 'generators' | 'signals'>

/** What is known of a scenario so far. Counts are of its measure phases alone. */
export interface Progress {
  readonly run: Run
  readonly scenario: Scenario
  readonly phase?: Phase
  /** Everything measured in phases that have ended; in its flows also, with zeros, what only a warm-up has had so far. */
  readonly ended: Part
  /** Everything measured. */
  readonly total: Part
  /** The last interval; in the end, everything measured. */
  readonly latest: Part
  /** Workers that the last interval lacks. */
  readonly missing: number
  readonly result?: ScenarioResult
  /** Why it ended. */
  readonly reason?: EndReason
  /** Of the scenario, and in the end those that belong to the run as a whole. */
  readonly checks: readonly CheckResult[]
}

const nothing: Part = { startMs: 0, endMs: 0, flows: [], generators: [], signals: [] }

export function begun(run: Run, scenario: Scenario): Progress {
  return { run, scenario, ended: nothing, total: nothing, latest: nothing, missing: 0, checks: [] }
}

export function withPhase(progress: Progress, phase: Phase): Progress {
  return { ...progress, phase }
}

export function withInterval(progress: Progress, interval: Interval): Progress {
  const { missing, phase } = interval
  const next = { ...progress, phase, latest: interval, missing }
  if (phase.kind === 'measure') return { ...next, total: sum([progress.total, interval]) }
  // a counter that Prometheus first sees at 7 has grown by nothing: it has to see the zero
  const ended = sum([progress.ended, { ...nothing, flows: interval.flows.map(zeroOf) }])
  return { ...next, ended, total: ended }
}

/** Exact, whatever came of the intervals. */
export function withPhaseEnd(progress: Progress, result: PhaseResult): Progress {
  if (result.phase.kind !== 'measure') return progress
  const ended = sum([progress.ended, { ...result, startMs: 0, endMs: result.elapsedMs }])
  return { ...progress, ended, total: ended }
}

export function withEnd({ phase: _, ...progress }: Progress, result: ScenarioResult): Progress {
  const { reason, checks } = result
  return { ...progress, result, reason, checks, latest: progress.total, missing: 0 }
}

/** Hooks may have added checks when the last scenario was over. One that never began ended as the run did. */
export function withRunEnd(progress: Progress, { run, checks, reason }: RunResult): Progress {
  const { id } = progress.scenario
  const known = new Set(run.scenarios.map((scenario) => scenario.id))
  return {
    ...progress,
    reason: progress.reason ?? reason,
    checks: checks.filter(({ scenario }) => scenario === id || !known.has(scenario)),
  }
}

function sum(parts: readonly Part[]): Part {
  return {
    startMs: 0,
    endMs: parts.reduce((all, { startMs, endMs }) => all + endMs - startMs, 0),
    flows: sumFlowLists(parts.map(({ flows }) => flows)),
    generators: sumGenerators(parts),
    signals: sumSignals(parts.flatMap(({ signals }) => signals)),
  }
}

/** The same names, and nothing counted. */
function zeroOf({ flow, operations, counters }: FlowMetrics): FlowMetrics {
  return {
    ...sumFlow(flow, []),
    operations: mapValues(operations, ({ outcomes }: Metrics) => ({
      ...sumMetrics([]),
      outcomes: mapValues(outcomes, ({ ok }: OutcomeCount) => ({ count: 0, ok })),
    })),
    counters: mapValues(counters, () => 0),
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
