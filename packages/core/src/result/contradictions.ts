import { isDeepStrictEqual } from 'node:util'
import { evaluateChecks, isMet, parseCheck, type Check } from '../checks/checks.ts'
import { CloudbenchError } from '../errors.ts'
import { metricsFlaw } from '../metrics/laws.ts'
import { measuredOf, sumFlowLists } from '../metrics/metrics.ts'
import type { CheckResult, FlowMetrics, PhaseResult, RunResult, ScenarioResult } from '../plugin/model.ts'
import { exitCodeOf } from './exit-code.ts'
import { flatLine } from './flat-line.ts'
import { at, eachAt, Flaw } from './place.ts'
import { runReason, scenarioReason } from './reason.ts'
import type { ResultFile, StoredScenario } from './schema.ts'

/**
 * Works out anew what a result file says of itself: its verdicts from checks, audits and errors, the checks from the
 * numbers, the numbers from each other. Throws a `Flaw` where the file says something else.
 */
export function contradict(file: ResultFile, result: RunResult): void {
  unique(
    ['scenarios'],
    result.run.scenarios.map(({ id }) => id),
  )
  const isMerged = result.run.merged !== undefined
  at('scenarios', () =>
    eachAt(result.scenarios, (scenario, index) =>
      contradictScenario(file.scenarios[index]!, scenario, isMerged),
    ),
  )
  const own = result.checks.filter(({ addedBy }) => addedBy?.hook !== 'run:evaluate')
  if (
    !isDeepStrictEqual(
      own,
      result.scenarios.flatMap(({ checks }) => checks),
    )
  )
    throw new Flaw('they are not those of the scenarios', ['checks'])
  say('reason', result.reason, runReason(result, result.reason === 'interrupted'))
  say('exit', result.exitCode, exitCodeOf(result.reason))
}

function contradictScenario(stored: StoredScenario, result: ScenarioResult, isMerged: boolean): void {
  const { scenario, phases, checks, audits, errors, reason } = result
  unique(
    ['definition', 'phases'],
    scenario.phases.map(({ name }) => name),
  )
  unique(
    ['definition', 'flows'],
    scenario.flows.map(({ name }) => name),
  )
  at('phases', () => eachAt(phases, contradictPhase))
  at('audits', () => eachAt(audits, contradictAudit))
  at('checks', () => {
    eachAt(checks, (check) => say('scenario', check.scenario, scenario.id))
    eachAt(checks, (check) => judge(check, result, isMerged))
  })
  say('reason', reason, scenarioReason(result, reason === 'interrupted'))
  if ((reason === 'passed' || reason === 'failed') && !hasMeasured(phases))
    throw new Flaw(`${reason}, but nothing was measured`, ['reason'])
  if (phases.some(({ breaches }) => breaches.length > 0) && errors.length === 0)
    throw new Flaw('empty, but laws of accounting are broken', ['problems'])
  for (const [name, value] of Object.entries(flatLine(result)))
    if (!isClose(stored[name as keyof typeof stored], value))
      throw differs(name, stored[name as keyof typeof stored], value)
}

function contradictPhase({ phase, flows, intervals, breaches }: PhaseResult): void {
  // what a broken law of accounting said is not to be believed, and makes the run errored
  if (breaches.length > 0) return
  at('flows', () => contradictFlows(flows, phase.loads))
  at('intervals', () =>
    eachAt(intervals, (interval) => at('flows', () => contradictFlows(interval.flows, phase.loads))),
  )
  const summed = sumFlowLists(intervals.map((interval) => interval.flows))
  at('flows', () =>
    eachAt(flows, ({ flow, total }) => {
      const { sent, unsent } = summed.find((other) => other.flow === flow)?.total ?? { sent: 0, unsent: 0 }
      if (total.sent !== sent || total.unsent !== unsent)
        throw new Flaw(
          `${total.sent} requests and ${total.unsent} unsent, but the intervals have ${sent} and ${unsent}`,
        )
    }),
  )
}

function contradictFlows(flows: readonly FlowMetrics[], loads: PhaseResult['phase']['loads']): void {
  unique(
    [],
    flows.map(({ flow }) => flow),
  )
  eachAt(flows, ({ flow, operations }) => {
    const load = Object.hasOwn(loads, flow) ? loads[flow] : undefined
    if (load === undefined) throw new Flaw(`"${flow}" is not a flow of this phase`, ['flow'])
    for (const [name, metrics] of Object.entries(operations)) {
      const flaw = metricsFlaw(metrics, load.model === 'open')
      if (flaw !== undefined) throw new Flaw(flaw, ['operations', name])
    }
  })
}

function contradictAudit({ status, violations }: ScenarioResult['audits'][number]): void {
  if (status === 'passed' && violations > 0) throw new Flaw(`passed, but ${violations} are wrong`, ['status'])
}

/** Judges a check of the configuration again. What a hook added has words of its own. */
function judge(
  { actual, addedBy, expected, name, status, value }: CheckResult,
  { phases, reason, scenario }: ScenarioResult,
  isMerged: boolean,
): void {
  const isOver = reason === 'passed' || reason === 'failed'
  if (addedBy !== undefined || (!isOver && status === 'skipped')) return
  const check = parsed(name, expected)
  if (check === undefined) return
  if (value !== undefined && isMet(check, value) !== (status === 'passed'))
    throw new Flaw(`${status}, although ${actual} is ${status === 'passed' ? 'not ' : ''}${expected}`, [
      'status',
    ])
  // the checks of a merged result are those of its runs, each with the numbers of its own
  if (isMerged) return
  const [anew] = evaluateChecks([check], phases, scenario.id)
  if (anew!.status !== status || (value !== undefined && !isClose(value, anew!.value)))
    throw new Flaw(`${status} (${actual}), but the numbers say ${anew!.status} (${anew!.actual})`, ['status'])
}

/** Undefined for one that a secret was taken out of. */
function parsed(name: string, expected: string): Check | undefined {
  try {
    return parseCheck(name, expected)
  } catch (error) {
    if (`${name}${expected}`.includes('***')) return undefined
    throw error instanceof CloudbenchError ? new Flaw(error.message, ['expected']) : error
  }
}

function hasMeasured(phases: readonly PhaseResult[]): boolean {
  return measuredOf({ phases }).flows.some(({ total }) => total.sent > 0)
}

function say(key: string, stated: string | number, anew: string | number): void {
  if (stated !== anew) throw differs(key, stated, anew)
}

function differs(key: string, stated: unknown, anew: unknown): Flaw {
  return new Flaw(`${String(stated)}, but the rest of the file says ${String(anew)}`, [key])
}

/** Equal, except for how a sum was rounded. */
function isClose(stated: unknown, anew: unknown): boolean {
  if (typeof stated !== 'number' || typeof anew !== 'number') return stated === anew
  return Math.abs(stated - anew) <= 1e-9 * Math.max(Math.abs(stated), Math.abs(anew))
}

function unique(path: readonly string[], names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw new Flaw(`"${name}" is there twice`, path)
    seen.add(name)
  }
}
