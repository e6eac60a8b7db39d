import { isDeepStrictEqual } from 'node:util'
import { isRefused } from '../checks/validity.ts'
import { CloudbenchError } from '../errors.ts'
import { measuredOf, sumFlowLists } from '../metrics/metrics.ts'
import type { PhaseResult, RunResult, ScenarioResult } from '../plugin/model.ts'
import { formatClient } from '../text/client.ts'
import { addedChecks, refuseTwice, together } from './collect.ts'
import { exitCodeOf, worstOf } from './exit-code.ts'
import { mergeVerdicts } from './merge-verdicts.ts'

/** Shards begin together, give or take this share of their length. */
const overlapShare = 0.9

interface Part {
  readonly run: RunResult['run']
  readonly result: ScenarioResult
}

/**
 * Several results as one. Scenarios of different names stand side by side; the same scenario of the same configuration
 * is added up, histograms exactly: durations add when the runs came one after another, and rates when they ran at the
 * same time, as shards do. Anything in between has neither a rate nor a duration, and is refused.
 */
export function mergeResults(results: readonly RunResult[]): RunResult {
  if (results.length === 0)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: 'no result file was given',
      next: 'cloudbench report <file> …',
    })
  refuseTwice(results)
  if (results.length === 1) return results[0]!
  const merged = results.find(({ run }) => run.merged !== undefined)
  if (merged)
    throw refusal(
      `${merged.run.id} was put together from ${merged.run.merged!.length} runs: when each of them began is no longer known`,
      'merge the files that it was made of',
    )
  const byName = new Map<string, Part[]>()
  for (const { run, scenarios } of results)
    for (const result of scenarios) {
      const parts = byName.get(result.scenario.id)
      if (parts) parts.push({ run, result })
      else byName.set(result.scenario.id, [{ run, result }])
    }
  const scenarios = [...byName.values()].map(mergeScenarios)
  return together(
    results,
    scenarios,
    results.flatMap(({ checks }) => addedChecks(checks)),
  )
}

function mergeScenarios(parts: readonly Part[]): ScenarioResult {
  const [first, ...others] = parts
  for (const other of others) expectSame(first!, other)
  if (others.length === 0) return first!.result
  const all = parts.map(({ result }) => result)
  const [{ scenario, phases }] = all as [ScenarioResult]
  const aborted = all.find((result) => result.aborted !== undefined)?.aborted
  const longest = all.reduce(
    (most, result) => (result.phases.length > most.length ? result.phases : most),
    phases,
  )
  const merged = longest.map((_, at) =>
    mergePhases(
      scenario.id,
      all.flatMap((result) => result.phases[at] ?? []),
    ),
  )
  const verdict = mergeVerdicts(
    all.map((result) => result.verdict),
    measuredOf({ phases: merged }),
  )
  const isRefusedAsWhole = verdict !== undefined && isRefused(verdict.validity, verdict)
  const reason = worstOf([
    ...all.map((result) => result.reason),
    ...(isRefusedAsWhole ? (['invalid'] as const) : []),
  ])
  return {
    ...all[0]!,
    ...(aborted !== undefined && { aborted }),
    ...(verdict && { verdict }),
    scenario: { ...scenario, workers: all.reduce((sum, result) => sum + result.scenario.workers, 0) },
    reason,
    exitCode: exitCodeOf(reason),
    phases: merged,
    checks: all.flatMap(({ checks }) => checks),
    audits: all.flatMap(({ audits }) => audits),
    errors: all.flatMap(({ errors }) => errors),
    workers: all.flatMap(({ workers }) => workers),
    ...(all.some(({ logs }) => logs) && { logs: all.flatMap(({ logs = [] }) => logs) }),
  }
}

function expectSame(a: Part, b: Part): void {
  const { id } = a.result.scenario
  if (a.run.configDigest !== b.run.configDigest)
    throw refusal(
      `scenario "${id}" is in runs ${a.run.id} and ${b.run.id}, which had different configurations (digests ${a.run.configDigest.slice(0, 12)} and ${b.run.configDigest.slice(0, 12)})`,
    )
  if (!isDeepStrictEqual(a.result.scenario.phases, b.result.scenario.phases))
    throw refusal(`scenario "${id}" is in runs ${a.run.id} and ${b.run.id}, which had different loads`)
  const [ours, theirs] = [clientsOf(a), clientsOf(b)]
  if (ours !== theirs)
    throw refusal(
      `scenario "${id}" is in runs ${a.run.id} and ${b.run.id}, which had different clients (${ours}; ${theirs})`,
    )
}

/** What spoke to the targets, by flow. The configuration names it, but not its version. */
function clientsOf({ result }: Part): string {
  return result.scenario.flows
    .map(({ name, client }) => `${name}: ${client === undefined ? 'none' : formatClient(client)}`)
    .join(', ')
}

function mergePhases(scenario: string, phases: readonly PhaseResult[]): PhaseResult {
  const inOrder = phases.toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
  return {
    ...inOrder[0]!,
    elapsedMs: elapsedOf(scenario, inOrder),
    flows: sumFlowLists(inOrder.map(({ flows }) => flows)),
    generators: inOrder.flatMap(({ generators }) => generators),
    signals: inOrder.flatMap(({ signals }) => signals),
    intervals: inOrder.flatMap(({ intervals }) => intervals),
    breaches: inOrder.flatMap(({ breaches }) => breaches),
  }
}

/** How long phases took that ran together or one after another; in order of their start. */
function elapsedOf(scenario: string, phases: readonly PhaseResult[]): number {
  let elapsedMs = 0
  /** The group that runs together. */
  let startMs = -Infinity
  let lengthMs = 0
  for (const phase of phases) {
    const ownMs = phase.startedAt.getTime()
    const sharedMs = Math.min(startMs + lengthMs, ownMs + phase.elapsedMs) - ownMs
    if (sharedMs <= 0) {
      elapsedMs += lengthMs
      startMs = ownMs
      lengthMs = phase.elapsedMs
    } else if (sharedMs >= overlapShare * Math.max(lengthMs, phase.elapsedMs))
      lengthMs = Math.max(lengthMs, phase.elapsedMs)
    else
      throw refusal(
        `the runs of scenario "${scenario}" overlapped in part: neither their rates nor their durations add up`,
      )
  }
  return elapsedMs + lengthMs
}

function refusal(what: string, next = 'report them without --merge'): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_RESULT_FILE',
    what,
    expected:
      'results of the same configuration, which ran at the same time or one after another: others are compared',
    next,
  })
}
