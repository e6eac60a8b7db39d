import { CloudbenchError } from '../errors.ts'
import { failuresOf, measuredOf, sumMetrics, type Measured } from '../metrics/metrics.ts'
import type { CheckResult, MetricUnit, PhaseResult, Source } from '../plugin/model.ts'
import { formatCount, formatDuration, formatPercentage, formatRate, formatSize } from '../text/format.ts'
import { parseCount, parseDuration, parsePercentage, parseRate, parseSizeRate } from '../text/units.ts'
import { parseScopedMetric, refuseImpossible, select, type KnownFlow, type ScopedMetric } from './scope.ts'

/** A threshold on a metric, such as `'get/response.p99': '< 25ms'`. */
export interface Check {
  /** As written. */
  readonly name: string
  readonly expected: string
  readonly scoped: ScopedMetric
  /** All must hold. */
  readonly conditions: readonly Condition[]
  /** Where it was written, if in a file. */
  readonly source?: Source
  /** Of a preset: skipped, instead of failed, where there is nothing to read it from. */
  readonly isOfPreset?: boolean
}

export interface Condition {
  readonly operator: Operator
  /** In the unit of the metric. */
  readonly limit: number
}

type Operator = '<' | '<=' | '>' | '>=' | '=='

const compare: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
}

/** Whether a value meets a condition. */
export function holds({ operator, limit }: Condition, value: number): boolean {
  return compare[operator](value, limit)
}

interface Unit {
  parse(text: string): number
  format(value: number, digits?: number): string
  readonly example: string
  /** Whether a number without a unit is accepted. */
  readonly bare: boolean
  readonly hint: string
}

const units: Readonly<Record<MetricUnit, Unit>> = {
  ns: {
    parse: (text) => parseDuration(text) * 1e6,
    format: (value, digits) => formatDuration(value / 1e6, digits),
    example: '< 25ms',
    bare: false,
    hint: 'ms',
  },
  share: { parse: parsePercentage, format: formatPercentage, example: '< 0.1%', bare: false, hint: '%' },
  perSecond: { parse: parseRate, format: formatRate, example: '>= 495/s', bare: false, hint: '/s' },
  count: { parse: parseCount, format: formatCount, example: '>= 10k', bare: true, hint: '' },
  bytesPerSecond: {
    parse: parseSizeRate,
    format: (value, digits) => `${formatSize(value, digits)}/s`,
    example: '>= 10MB/s',
    bare: false,
    hint: 'MB/s',
  },
}

/**
 * Reads a check. Throws `CB_CHECK` for an unknown metric, a missing or wrong unit, and, when the flows are known,
 * for what can never have a value.
 */
export function parseCheck(name: string, expression: string, flows?: readonly KnownFlow[]): Check {
  const scoped = parseScopedMetric(name)
  if (flows !== undefined) refuseImpossible(scoped, flows)
  if (/\sfor\s|falling|rising/.test(expression))
    throw new CloudbenchError({
      code: 'CB_CHECK',
      what: `${name}: ${expression} is about the course of a run, and a check about the whole`,
      next: 'say what must not last among the alerts, such as alerts: { rate: < 850/s for 3m }',
    })
  const conditions = expression.split(',').map((text) => parseCondition(name, text, scoped.metric.unit))
  return { name, expected: expression, scoped, conditions }
}

/** Reads an operator and a limit, such as `< 25ms`. Throws `CB_CHECK`; `name` is for the message. */
export function parseCondition(name: string, text: string, metricUnit: MetricUnit): Condition {
  const unit = units[metricUnit]
  const [, operator, written = ''] = /^\s*(<=|>=|==|<|>)\s*([^<>=].*?)\s*$/s.exec(text) ?? []
  if (operator === undefined)
    throw new CloudbenchError({
      code: 'CB_CHECK',
      what: `${name}: ${JSON.stringify(text.trim())} is not a condition`,
      expected: `<, <=, >, >= or ==, and a value, such as ${unit.example}`,
    })

  const isBare = /^[\d.]+[kKMG]?$/.test(written) && Number.parseFloat(written) !== 0
  if (isBare && !unit.bare)
    throw wrongUnit(name, `${written} what? A unit is missing`, operator, written + unit.hint, unit)
  try {
    return { operator: operator as Operator, limit: unit.parse(written) }
  } catch (error) {
    if (!(error instanceof CloudbenchError)) throw error
    throw wrongUnit(name, error.message, operator, undefined, unit)
  }
}

function wrongUnit(
  name: string,
  problem: string,
  operator: string,
  better: string | undefined,
  unit: Unit,
): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CHECK',
    what: `${name}: ${problem}`,
    expected: `a value such as ${unit.example}`,
    ...(better === undefined ? {} : { next: `write ${operator} ${better}` }),
  })
}

/** Whether a value of the metric meets all conditions. */
export function isMet({ conditions }: Check, value: number): boolean {
  return conditions.every((condition) => holds(condition, value))
}

/** A metric of a measurement, for reports. */
export interface MetricValue {
  /** Absent where there was nothing to read it from. `Infinity`: beyond the range of the histogram. */
  readonly value: number | undefined
  readonly unit: MetricUnit
  /** For display: the value with its unit, or why there is none. */
  readonly text: string
}

/** Reads a metric by its name, such as `get/response.p99`. Throws `CB_CHECK` for an unknown one. */
export function metricValue(measured: Measured, name: string): MetricValue {
  return read(measured, parseScopedMetric(name))
}

export function read(measured: Measured, scoped: ScopedMetric): MetricValue {
  const { unit } = scoped.metric
  const selection = select(measured, scoped)
  if (typeof selection === 'string') return { value: undefined, unit, text: selection }
  const { value, missing } = scoped.metric.read(selection)
  return value === undefined ? { value, unit, text: missing } : { value, unit, text: textOf(value, unit) }
}

export function textOf(value: number, unit: MetricUnit, digits?: number): string {
  return value === Infinity ? 'beyond 18 minutes' : units[unit].format(value, digits)
}

/** Evaluates checks over all measured phases together. Where nothing was measured they are skipped. */
export function evaluateChecks(
  checks: readonly Check[],
  phases: readonly PhaseResult[],
  scenario: string,
): CheckResult[] {
  const didMeasure = phases.some(({ phase }) => phase.kind === 'measure')
  const measured = measuredOf({ phases })
  return checks.map((check) => {
    const { name, expected, source } = check
    const written = { name, scenario, expected, ...(source && { source }) }
    if (!didMeasure) return { ...written, status: 'skipped', actual: 'the measurement did not begin' }
    return { ...written, ...evaluate(check, measured) }
  })
}

function evaluate(
  { scoped, conditions, isOfPreset }: Check,
  measured: Measured,
): Pick<CheckResult, 'status' | 'actual' | 'value' | 'limit' | 'unit'> {
  const { value, unit, text } = read(measured, scoped)
  if (value === undefined)
    return { status: isOfPreset ? 'skipped' : 'failed', actual: text, limit: conditions[0]!.limit, unit }
  const broken = conditions.find((condition) => !holds(condition, value))
  const numbers = numbersOf(value, broken ?? conditions[0]!, unit)
  if (broken === undefined) return { status: 'passed', actual: text, ...numbers }
  const why = mostly(scoped, measured) + afterwards(scoped, measured)
  return { status: 'failed', actual: textBeside(broken.limit, value, unit) + why, ...numbers }
}

/** For programs. */
export function numbersOf(
  value: number,
  { limit }: Condition,
  unit: MetricUnit,
): Pick<CheckResult, 'value' | 'limit' | 'unit'> {
  return { ...(Number.isFinite(value) && { value }), limit, unit }
}

/** Rounded to the limit, a value would look as if it were the limit. */
export function textBeside(limit: number, value: number, unit: MetricUnit): string {
  const text = textOf(value, unit)
  return text === textOf(limit, unit) ? textOf(value, unit, 9) : text
}

/** Where a rate falls short although every request was answered, people look for the others. */
function afterwards(scoped: ScopedMetric, measured: Measured): string {
  const selection = scoped.metric.name === 'rate' && select(measured, scoped)
  if (!selection || typeof selection === 'string') return ''
  const late = Math.round(sumMetrics(selection.metrics).lateShare)
  return late === 0 ? '' : `, without ${formatCount(late)} answered after the end of the schedule`
}

/** People who read that too many requests failed want to know what the server said. */
export function mostly(scoped: ScopedMetric, measured: Measured): string {
  const selection = scoped.metric.name.startsWith('errors.') && select(measured, scoped)
  if (!selection || typeof selection === 'string') return ''
  const [failure] = failuresOf(sumMetrics(selection.metrics).outcomes)
  return failure === undefined ? '' : `, mostly ${failure}`
}
