import { parseMetric } from '../checks/metric.ts'
import { select, type ScopedMetric } from '../checks/scope.ts'
import { isCounted, isRefused, validityOf } from '../checks/validity.ts'
import { CloudbenchError } from '../errors.ts'
import { measuredOf, type Measured } from '../metrics/metrics.ts'
import type { CheckResult, ScenarioResult } from '../plugin/model.ts'
import type { Limit, NumberVerdict, SignalVerdict, Verdict, VerdictCode } from '../plugin/verdict.ts'
import { isClose } from './close.ts'
import { at, eachAt, Flaw } from './place.ts'

/** With any of these nothing in a measurement can be believed. */
const ofWhole: ReadonlySet<VerdictCode> = new Set(['ACCOUNTING', 'GENERATOR_LIMITED', 'WORKER_LOST'])

/** What a limit shows in. */
const ofLimit: Readonly<Record<Limit, ReadonlySet<VerdictCode>>> = {
  generator: new Set(['GENERATOR_BUSY', 'GENERATOR_LIMITED']),
  network: new Set(['NETWORK_LIMITED']),
  pool: new Set(['POOL_TOO_SMALL']),
  'pool or target': new Set(['POOL_TOO_SMALL']),
  target: new Set(['TARGET_SATURATED']),
}

/** What a verdict says must follow from its own numbers and reasons, and the numbers must be those that were measured. */
export function contradictVerdict(verdict: Verdict, result: ScenarioResult): void {
  const { limitedBy, numbers, reasons, signals, steadyStates } = verdict
  const measured = measuredOf(result)
  const codes = new Set<string>(reasons.map(({ code }) => code))
  const names = new Set(result.scenario.flows.map(({ name }) => name))
  const flowIn = ({ flow }: { readonly flow?: string }): void => {
    if (flow !== undefined && !names.has(flow)) throw new Flaw(`"${flow}" is none of the flows`, ['flow'])
  }
  at('reasons', () => eachAt(reasons, flowIn))
  at('steadyStates', () => eachAt(steadyStates, flowIn))
  at('numbers', () =>
    eachAt(numbers, (number) => {
      flowIn(number)
      contradictNumber(number, measured)
      const unknown = number.codes.find((code) => !codes.has(code))
      if (unknown !== undefined) throw new Flaw(`${unknown} is none of the reasons`, ['codes'])
    }),
  )
  at('signals', () => eachAt(signals, contradictSignal))
  if (limitedBy !== undefined && !reasons.some(({ code }) => ofLimit[limitedBy].has(code)))
    throw new Flaw(`${limitedBy}, which none of the reasons says`, ['limitedBy'])
  const doubts = new Set([...numbers, ...reasons].map(({ validity }) => validity))
  const { validity } = verdict
  const counted = numbers.filter(isCounted)
  const isFounded =
    validity === 'invalid'
      ? reasons.some((reason) => reason.validity === 'invalid')
      : !reasons.some((reason) => reason.validity === 'invalid' && ofWhole.has(reason.code)) &&
        (validity === 'suspect'
          ? doubts.has('suspect') || doubts.has('invalid')
          : !counted.some(isDoubtful) &&
            (validity === 'unknown' ||
              (counted.length > 0 && counted.every((number) => number.validity === 'valid'))))
  if (!isFounded)
    throw new Flaw(`${validity}, which does not follow from the numbers and reasons`, ['validity'])
}

function isDoubtful({ validity }: Pick<NumberVerdict, 'validity'>): boolean {
  return validity === 'suspect' || validity === 'invalid'
}

function contradictNumber(
  { codes, flow = '*', interval, metric: name, operation = '*', unit, validity, value }: NumberVerdict,
  measured: Measured,
): void {
  const metric = metricOf(name)
  if (metric.unit !== unit) throw new Flaw(`${unit}, but ${name} is in ${metric.unit}`, ['unit'])
  const selection = select(measured, { name, metric, scope: [flow, operation] })
  const anew = typeof selection === 'string' ? undefined : metric.read(selection).value
  // beyond the range of a histogram all that is known is the largest value
  if (anew !== Infinity && !isClose(value, anew))
    throw new Flaw(`${value}, but the numbers say ${anew ?? 'nothing'}`, ['value'])
  if (interval && !holdsValue(interval, value))
    throw new Flaw(`from ${interval.low} to ${interval.high ?? 'any'}, but the number is ${value}`, [
      'interval',
    ])
  if (validity !== 'unknown' && isDoubtful({ validity }) !== codes.length > 0)
    throw new Flaw(
      codes.length > 0
        ? `${validity}, although ${codes.join(' and ')} concern it`
        : `${validity}, and nothing says why`,
      ['validity'],
    )
}

function holdsValue({ low, high }: NonNullable<NumberVerdict['interval']>, value: number): boolean {
  return (low <= value || isClose(low, value)) && (high === null || value <= high || isClose(high, value))
}

/** Where it stands with its thresholds follows from its value, and without one it is unknown. */
function contradictSignal({ observed, validity, ...thresholds }: SignalVerdict): void {
  const anew = observed === undefined ? 'unknown' : validityOf(observed, thresholds)
  if (validity !== anew) throw new Flaw(`${validity}, but the rest of the file says ${anew}`, ['validity'])
}

function metricOf(name: string): ScopedMetric['metric'] {
  try {
    return parseMetric(name)
  } catch (error) {
    throw error instanceof CloudbenchError ? new Flaw(error.message, ['metric']) : error
  }
}

/** What a check says of its number must follow from the verdict. */
export function contradictDoubt({ status, validity }: CheckResult, { verdict }: ScenarioResult): void {
  const isDoubted = validity !== undefined && verdict !== undefined && isRefused(validity, verdict)
  if (validity !== undefined && verdict === undefined)
    throw new Flaw(`${validity}, but there is no verdict`, ['validity'])
  if (status === 'invalid' && !isDoubted)
    throw new Flaw(`invalid, although its number is ${validity ?? 'valid'}`, ['status'])
  if (status === 'passed' && isDoubted)
    throw new Flaw(`passed, although its number is ${validity}`, ['status'])
}

/** The number that a check stands on: as the verdict lists it, else as the check itself says. */
export function numberOf(
  { status, validity, value = Infinity }: CheckResult,
  { scoped: { metric, scope } }: { readonly scoped: ScopedMetric },
  { numbers }: Verdict,
): NumberVerdict | undefined {
  const [first = '*', second = '*'] = scope
  const listed = numbers.find(
    ({ flow = '*', metric: name, operation = '*' }) =>
      name === metric.name && flow === first && operation === second,
  )
  if (listed || validity === undefined) return listed
  const { name, unit } = metric
  // whether it is a lower bound shows in what became of the check
  const isLowerBound = status === 'failed'
  return { metric: name, unit, value, validity, codes: isLowerBound ? ['LOWER_BOUND'] : [], isLowerBound }
}
