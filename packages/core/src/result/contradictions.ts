import { isDeepStrictEqual } from 'node:util'
import { alertOf, alertResult, findingOfWhole, isOfWhole } from '../checks/alert-results.ts'
import type { Alert } from '../checks/alert.ts'
import { evaluateChecks, holds, isMet, parseCheck, type Check } from '../checks/checks.ts'
import { doubted } from '../checks/doubt.ts'
import { CloudbenchError } from '../errors.ts'
import { metricsFlaw } from '../metrics/laws.ts'
import { measuredOf, sumFlow, sumFlowLists } from '../metrics/metrics.ts'
import type {
  CheckResult,
  FlowMetrics,
  PhaseResult,
  RunResult,
  ScenarioResult,
  TracedRequest,
} from '../plugin/model.ts'
import { isClose } from './close.ts'
import { contradictDoubt, contradictVerdict, numberOf } from './contradict-verdict.ts'
import { exitCodeOf } from './exit-code.ts'
import { flatLine } from './flat-line.ts'
import { at, eachAt, Flaw } from './place.ts'
import { runReason, scenarioReason } from './reason.ts'
import type { ResultFile, StoredScenario } from './schema.ts'
import { contradictSum } from './sums.ts'

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
  const { aborted, scenario, phases, checks, audits, errors, reason, verdict } = result
  unique(
    ['definition', 'phases'],
    scenario.phases.map(({ name }) => name),
  )
  unique(
    ['definition', 'flows'],
    scenario.flows.map(({ name }) => name),
  )
  at('definition', () => contradictDefinition(scenario))
  at('phases', () => eachAt(phases, (phase) => contradictPhase(phase, isMerged)))
  at('phases', () => eachAt(phases, (phase) => contradictRequests(phase, scenario)))
  if (!isMerged)
    unique(
      ['audits'],
      audits.map(({ flow, name }) => `${flow}/${name}`),
    )
  at('audits', () => eachAt(audits, (audit) => contradictAudit(audit, scenario)))
  at('checks', () => {
    eachAt(checks, (check) => say('scenario', check.scenario, scenario.id))
    eachAt(checks, (check) => judge(check, result, isMerged))
  })
  const fired = checks.some(({ name, status }) => name.startsWith('abort.') && status === 'failed')
  if (aborted !== undefined && !fired) throw new Flaw('no condition for it was met', ['aborted'])
  say('reason', reason, scenarioReason(result, reason === 'interrupted'))
  say('exit', result.exitCode, exitCodeOf(reason))
  if (isOver(result) && !hasMeasured(phases))
    throw new Flaw(`${reason}, but nothing was measured`, ['reason'])
  if (phases.some(({ breaches }) => breaches.length > 0) && errors.length === 0)
    throw new Flaw('empty, but laws of accounting are broken', ['problems'])
  if (verdict) at('judgement', () => contradictVerdict(verdict, result))
  for (const [name, value] of Object.entries(flatLine(result))) {
    const own = stored[name as keyof typeof stored]
    // files of older versions have no verdict, and nothing that says so
    if (own === undefined && verdict === undefined) continue
    if (!(Array.isArray(value) ? isDeepStrictEqual(own, value) : isClose(own, value)))
      throw differs(name, own, value)
  }
}

function contradictPhase({ phase, flows, intervals, breaches }: PhaseResult, isMerged: boolean): void {
  // what a broken law of accounting said is not to be believed, and makes the run invalid
  if (breaches.length > 0) return
  at('flows', () => contradictFlows(flows, phase.loads))
  at('intervals', () =>
    eachAt(intervals, (interval) => at('flows', () => contradictFlows(interval.flows, phase.loads))),
  )
  // those of runs that were added up are one run's after another's
  if (!isMerged) at('intervals', () => contradictOrder(intervals))
  const summed = sumFlowLists(intervals.map((interval) => interval.flows))
  at('flows', () =>
    eachAt(flows, (stated) => {
      const own = summed.find(({ flow }) => flow === stated.flow) ?? sumFlow(stated.flow, [])
      contradictSum(stated, own)
    }),
  )
}

function contradictOrder(intervals: PhaseResult['intervals']): void {
  let lastMs = 0
  eachAt(intervals, ({ startMs, endMs }) => {
    if (startMs < lastMs || endMs < startMs)
      throw new Flaw(`from ${startMs} ms to ${endMs} ms, after one that ended at ${lastMs} ms`)
    lastMs = endMs
  })
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

function contradictRequests({ phase, intervals }: PhaseResult, { trace }: ScenarioResult['scenario']): void {
  at('intervals', () =>
    eachAt(intervals, ({ requests }) => {
      if (requests !== undefined && trace === undefined)
        throw new Flaw('there, although the scenario is not traced', ['requests'])
      at('requests', () => eachAt(requests ?? [], (request) => contradictRequest(request, phase.loads)))
    }),
  )
}

function contradictRequest(
  { flow, dueMs, sentMs, doneMs }: TracedRequest,
  loads: PhaseResult['phase']['loads'],
): void {
  const load = Object.hasOwn(loads, flow) ? loads[flow] : undefined
  if (load === undefined) throw new Flaw(`"${flow}" is not a flow of this phase`, ['flow'])
  if ((load.model === 'open') !== (dueMs !== undefined))
    throw new Flaw(`${dueMs === undefined ? 'missing' : 'there'}, although the load is ${load.model}`, [
      'dueMs',
    ])
  if ((dueMs ?? 0) > sentMs || sentMs > doneMs)
    throw new Flaw(`due at ${dueMs ?? sentMs} ms, sent at ${sentMs} ms, done at ${doneMs} ms`)
}

/** What ran is what is defined: flows that a phase loads, and phases of this scenario. */
function contradictDefinition({ id, flows, phases }: ScenarioResult['scenario']): void {
  at('phases', () => eachAt(phases, ({ scenario }) => say('scenario', scenario, id)))
  const loaded = new Set(phases.flatMap(({ loads }) => Object.keys(loads)))
  at('flows', () =>
    eachAt(flows, ({ name }) => {
      if (phases.length > 0 && !loaded.has(name))
        throw new Flaw(`no phase has a load for "${name}"`, ['name'])
      loaded.delete(name)
    }),
  )
  for (const name of loaded) throw new Flaw(`"${name}" has a load, but is none of the flows`, ['flows'])
}

function contradictAudit(
  { flow, status, violations }: ScenarioResult['audits'][number],
  { flows }: ScenarioResult['scenario'],
): void {
  if (!flows.some(({ name }) => name === flow)) throw new Flaw(`"${flow}" is none of the flows`, ['flow'])
  if (status === 'passed' && violations > 0) throw new Flaw(`passed, but ${violations} are wrong`, ['status'])
}

/** Judges a check of the configuration again. What a hook added has words of its own. */
function judge(check: CheckResult, result: ScenarioResult, isMerged: boolean): void {
  const { addedBy, expected, name, status } = check
  if (addedBy !== undefined || (!isOver(result) && status === 'skipped')) return
  const alert = parsed(check, alertOf)
  if (alert) return judgeAlert(check, alert, result, isMerged)
  const known = parsed(check, () => parseCheck(name, expected))
  if (known) judgeCheck(check, known, result, isMerged)
}

function judgeCheck(stated: CheckResult, check: Check, result: ScenarioResult, isMerged: boolean): void {
  const { expected, status, value } = stated
  if (value !== undefined && status !== 'invalid' && isMet(check, value) !== (status === 'passed'))
    throw unlike(stated, status === 'passed' ? `not ${expected}` : expected)
  contradictDoubt(stated, result)
  // the checks of a merged result are those of its runs, each with the numbers of its own
  if (isMerged) return
  const { phases, scenario, verdict } = result
  const [plain] = evaluateChecks([check], phases, scenario.id)
  // a check of a preset is skipped where there was nothing to read it from
  if (status === 'skipped' && plain!.value === undefined) return
  compareAnew(stated, verdict ? doubted(plain!, numberOf(stated, check, verdict), verdict, check) : plain!)
}

/** What lasted is known to the run alone, which saw finer intervals than are kept. */
function judgeAlert(stated: CheckResult, alert: Alert, result: ScenarioResult, isMerged: boolean): void {
  const { expected, status, value } = stated
  const { condition, lastsMs, acrossZones } = alert
  if (
    status !== 'skipped' &&
    status !== 'invalid' &&
    typeof condition !== 'string' &&
    value !== undefined &&
    holds(condition, value) !== (status === 'failed')
  )
    throw unlike(stated, status === 'passed' ? expected.slice('not '.length) : expected)
  contradictDoubt(stated, result)
  if (!isOfWhole(alert) && stated.validity !== undefined)
    throw new Flaw(`${stated.validity}, but no number of the whole measurement decides it`, ['validity'])
  if (isMerged || lastsMs !== undefined || acrossZones) return
  const { phases, scenario, verdict } = result
  const finding = findingOfWhole(alert, phases, () => true)
  if (status === 'skipped' && finding.value === undefined) return
  const plain = alertResult(alert, scenario.id, finding)
  compareAnew(
    stated,
    verdict && isOfWhole(alert) ? doubted(plain, numberOf(stated, alert, verdict), verdict, alert) : plain,
  )
}

function compareAnew(stated: CheckResult, anew: CheckResult): void {
  const { status, validity, value } = stated
  if (anew.status !== status || (value !== undefined && !isClose(value, anew.value)))
    throw other(stated, anew)
  if (anew.validity !== validity) throw differs('validity', validity ?? 'valid', anew.validity ?? 'valid')
}

function unlike({ status, actual }: CheckResult, what: string): Flaw {
  return new Flaw(`${status}, although ${actual} is ${what}`, ['status'])
}

function other({ status, actual }: CheckResult, anew: Pick<CheckResult, 'status' | 'actual'>): Flaw {
  return new Flaw(`${status} (${actual}), but the numbers say ${anew.status} (${anew.actual})`, ['status'])
}

/** Undefined for one that a secret was taken out of. */
function parsed<T>(check: CheckResult, parse: (check: CheckResult) => T): T | undefined {
  try {
    return parse(check)
  } catch (error) {
    if (`${check.name}${check.expected}`.includes('***')) return undefined
    throw error instanceof CloudbenchError ? new Flaw(error.message, ['expected']) : error
  }
}

/** Whether a scenario ended as it was meant to, with numbers that its checks could be judged by. */
function isOver({ aborted, errors, reason }: ScenarioResult): boolean {
  return reason !== 'interrupted' && errors.length === 0 && aborted === undefined
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

function unique(path: readonly string[], names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw new Flaw(`"${name}" is there twice`, path)
    seen.add(name)
  }
}
