import { read } from '../checks/checks.ts'
import { parseMetric } from '../checks/metric.ts'
import type { ScopedMetric } from '../checks/scope.ts'
import { worstOf } from '../checks/validity.ts'
import type { NumberVerdict } from '../plugin/verdict.ts'
import type { Cause, Effect, Figure } from './effect.ts'
import { estimateOf } from './estimate.ts'
import type { Measurement } from './measurement.ts'
import { quantityOf } from './quantity.ts'
import type { ViewOf } from './view.ts'

/** A number, and what its verdict stands on. */
export interface JudgedNumber {
  readonly number: NumberVerdict
  readonly effects: readonly Effect[]
}

export interface NumberJudge {
  readonly measurement: Measurement
  readonly viewOf: ViewOf
  readonly causes: readonly Cause[]
  readonly own: (figure: Figure) => readonly Effect[]
}

/** Undefined where there is no value. */
export function judgeNumber(judge: NumberJudge, scoped: ScopedMetric): JudgedNumber | undefined {
  const { measurement, viewOf, causes, own } = judge
  const { name, unit } = scoped.metric
  const view = viewOf(scoped)
  const { value } = read(measurement, scoped)
  if (typeof view === 'string' || value === undefined || Number.isNaN(value)) return undefined
  const [flow, operation] = placeOf(measurement, scoped)
  const quantity = quantityOf(scoped, view.whole)
  const estimate = estimateOf(name, quantity, view, value)
  const figure: Figure = {
    name,
    quantity,
    value,
    selection: view.whole,
    estimate,
    ...(flow !== undefined && { flow }),
  }
  const effects = [...causes.flatMap((cause) => cause.on(figure) ?? []), ...own(figure)]
  const known = worstOf(effects.map(({ validity }) => validity))
  const isLowerBound = effects.some((effect) => effect.isLowerBound)
  // beyond the range of a histogram: at least the largest value, which is exact
  const finite =
    Number.isFinite(value) || quantity.kind !== 'latency' ? value : quantity.histogramOf(view.whole).max
  return {
    effects,
    number: {
      ...(flow !== undefined && { flow }),
      ...(operation !== undefined && { operation }),
      metric: name,
      unit,
      value: finite,
      ...(estimate.interval && { interval: estimate.interval }),
      ...(estimate.grade && { grade: estimate.grade }),
      ...(isLowerBound && { isLowerBound }),
      validity: known === 'valid' && measurement.hiccup.count === 0 ? 'unknown' : known,
      codes: [...new Set(effects.map(({ reason }) => reason.code))],
    },
  }
}

/** The flow and the operation that a metric is of, absent where it is of several. */
function placeOf(
  { flows }: Measurement,
  { scope: [first, second] }: ScopedMetric,
): readonly [flow: string | undefined, operation: string | undefined] {
  const named = (name: string | undefined): string | undefined => (name === '*' ? undefined : name)
  if (first === undefined) return [undefined, undefined]
  const isFlow = flows.some(({ flow }) => flow === first)
  return second === undefined && !isFlow ? [undefined, first] : [named(first), named(second)]
}

const statistics = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'mean', 'max']
const listed = [
  'rate',
  'errors.rate',
  ...['response', 'service'].flatMap((name) => statistics.map((one) => `${name}.${one}`)),
]

/** Those that a verdict lists: of all flows, of each flow and of each operation. */
export function listedMetrics({ flows }: Measurement): ScopedMetric[] {
  const scopes = [
    [],
    ...flows.flatMap(({ flow, operations }) => [
      [flow, '*'],
      ...Object.keys(operations).map((name) => [flow, name]),
    ]),
  ]
  return scopes.flatMap((scope) =>
    listed.map((name) => ({ name: [...scope, name].join('/'), metric: parseMetric(name), scope })),
  )
}
