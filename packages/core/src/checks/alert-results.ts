import { measuredOf } from '../metrics/metrics.ts'
import type { CheckResult, FlowMetrics, PhaseResult } from '../plugin/model.ts'
import { formatDuration } from '../text/format.ts'
import { parseAlert, type Alert } from './alert.ts'
import { holds, mostly, numbersOf, read, textBeside, textOf } from './checks.ts'
import { endsOf, trendOf, trendParts } from './trend.ts'
import type { LastingAlert, Watch } from './watch.ts'

type Finding = Pick<CheckResult, 'status' | 'actual' | 'value' | 'limit' | 'unit'>

/** An alert as a check: that it did not happen. */
export function alertResult(
  { kind, scoped, expression, source }: Alert,
  scenario: string,
  finding: Finding,
): CheckResult {
  const name = `${kind}.${scoped.name}`
  return { name, scenario, expected: `not ${expression}`, ...(source && { source }), ...finding }
}

/** The alert of a result that `alertResult` made; undefined for any other. */
export function alertOf({ name, expected }: Pick<CheckResult, 'name' | 'expected'>): Alert | undefined {
  const [, kind, metric] = /^(alerts|abort)\.(.+)$/s.exec(name) ?? []
  if (metric === undefined || !expected.startsWith('not ')) return undefined
  return parseAlert({ kind: kind as Alert['kind'], isOfPreset: false }, metric, expected.slice('not '.length))
}

/** Judges an alert that has to last, once nothing more will come. */
export function findingOfWatch(
  alert: LastingAlert,
  { firedMs, missing, spentMs, worst }: Watch,
  phases: readonly PhaseResult[],
): Finding {
  const { condition, lastsMs, scoped } = alert
  const { unit } = scoped.metric
  if (worst === undefined) {
    if (spentMs >= lastsMs && missing !== undefined) return withoutValue(alert, missing)
    return { status: 'skipped', actual: `${formatDuration(spentMs)} are too short for that` }
  }
  const numbers = numbersOf(worst, condition, unit)
  if (firedMs === undefined) return { status: 'passed', actual: textOf(worst, unit), ...numbers }
  const why = mostly(scoped, { flows: phases.flatMap(({ flows }) => flows), elapsedMs: 0 })
  const text = textBeside(condition.limit, worst, unit)
  return { status: 'failed', actual: `${text} after ${formatDuration(firedMs)}${why}`, ...numbers }
}

/** Whether an alert is about a number of the whole measurement, as checks are. */
export function isOfWhole({ acrossZones, condition, lastsMs }: Alert): boolean {
  return lastsMs === undefined && !acrossZones && typeof condition !== 'string'
}

/** Judges an alert over the whole measurement. */
export function findingOfWhole(alert: Alert, phases: readonly PhaseResult[], isMeant: IsMeant): Finding {
  const { condition, scoped } = alert
  const { unit } = scoped.metric
  if (typeof condition === 'string') return findingOfTrend(alert, phases, isMeant)
  const { flows, elapsedMs } = measuredOf({ phases })
  const { value, text } = read({ flows: flows.filter(isMeant), elapsedMs }, scoped)
  if (value === undefined) return withoutValue(alert, text)
  const numbers = numbersOf(value, condition, unit)
  return holds(condition, value)
    ? { status: 'failed', actual: textBeside(condition.limit, value, unit), ...numbers }
    : { status: 'passed', actual: text, ...numbers }
}

/** Whether an alert is about a flow. */
export type IsMeant = (flow: FlowMetrics) => boolean

function findingOfTrend(alert: Alert, phases: readonly PhaseResult[], isMeant: IsMeant): Finding {
  const parts = partsOf(phases).map((part) =>
    read({ flows: part.flows.filter(isMeant), elapsedMs: part.elapsedMs }, alert.scoped),
  )
  const values = parts.flatMap(({ value }) => value ?? [])
  if (values.length === 0 && parts.length > 0) return withoutValue(alert, parts[0]!.text)
  if (values.length < trendParts)
    return { status: 'skipped', actual: `a trend takes ${trendParts} values, there were ${values.length}` }
  const trend = trendOf(values)
  const { first, last } = endsOf(values)
  const { unit } = alert.scoped.metric
  const isFired = trend === (alert.condition === 'rising' ? 1 : -1)
  const actual = `${textOf(first, unit)} in the first third, ${textOf(last, unit)} in the last`
  return {
    status: isFired ? 'failed' : 'passed',
    actual,
    ...(Number.isFinite(last) && { value: last }),
    unit,
  }
}

/** The measurement in parts of equal length, as far as its intervals allow. */
function partsOf(phases: readonly PhaseResult[]): { flows: FlowMetrics[]; elapsedMs: number }[] {
  const spans = phases
    .filter(({ phase }) => phase.kind === 'measure')
    .flatMap(({ intervals }) => intervals)
    .map(({ startMs, endMs, phase, flows }) => ({
      spanMs: Math.min(endMs, phase.durationMs) - startMs,
      flows,
    }))
    .filter(({ spanMs }) => spanMs > 0)
  const totalMs = spans.reduce((sum, { spanMs }) => sum + spanMs, 0)
  const parts = Array.from({ length: trendParts }, () => ({ flows: [] as FlowMetrics[], elapsedMs: 0 }))
  let atMs = 0
  for (const { spanMs, flows } of spans) {
    const part = parts[Math.floor(((atMs + spanMs / 2) / totalMs) * trendParts)]!
    part.flows.push(...flows)
    part.elapsedMs += spanMs
    atMs += spanMs
  }
  return parts.filter(({ elapsedMs }) => elapsedMs > 0)
}

/** What a user wrote must not pass because it is misspelt. */
function withoutValue(
  { acrossZones, isOfPreset }: Pick<Alert, 'acrossZones' | 'isOfPreset'>,
  why: string,
): Finding {
  return { status: acrossZones || isOfPreset ? 'skipped' : 'failed', actual: why }
}
