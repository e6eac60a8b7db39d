import type { Histogram } from '../metrics/histogram.ts'
import type { FlowMetrics, HistogramView, Metrics } from '../plugin/model.ts'
import { derivedCounts, flowCounts, operationCounts, operationDistributions } from '../plugin/record.ts'
import { at, Flaw } from './place.ts'

/** Sums of fractions are rounded, in an order that a file does not tell. */
const rounding = 1e-6

/** What is said of a flow must be the sum of its intervals, to the request. Throws a `Flaw` where it is not. */
export function contradictSum(stated: FlowMetrics, summed: FlowMetrics): void {
  compareNumbers(flowCounts, stated, summed)
  at('counters', () => compareNames(stated.counters, summed.counters, 0, compare))
  at('operations', () =>
    compareNames(stated.operations, summed.operations, undefined, (one, other) => {
      if (one === undefined || other === undefined) throw new Flaw('not in the intervals, or in them alone')
      compareMetrics(one, other)
    }),
  )
  at('recorders', () => compareNames(stated.recorders, summed.recorders, undefined, compareHistograms))
}

function compareMetrics(stated: Metrics, summed: Metrics): void {
  compareNumbers({ ...operationCounts, ...derivedCounts }, stated, summed)
  at('outcomes', () =>
    compareNames(stated.outcomes, summed.outcomes, undefined, (one, other) => {
      compare(one?.count ?? 0, other?.count ?? 0)
      if (one !== undefined && other !== undefined && one.ok !== other.ok)
        throw new Flaw(`ok is ${one.ok}, but not in the intervals`)
    }),
  )
  for (const name of Object.keys(operationDistributions) as (keyof typeof operationDistributions)[])
    at(name, () => compareHistograms(stated[name], summed[name]))
}

function compareHistograms(stated: HistogramView | undefined, summed: HistogramView | undefined): void {
  const count = stated?.count ?? 0
  compare(count, summed?.count ?? 0)
  if (count === 0) return
  const [one, other] = [stated as Histogram, summed as Histogram]
  compare(one.overflow, other.overflow)
  at('sum', () => compare(one.sum, other.sum))
  for (const name of ['min', 'max'] as const)
    if (one[name] !== other[name])
      throw new Flaw(`${one[name]}, but the intervals have ${other[name]}`, [name])
  const { slots, counts } = one.data
  const isSame =
    slots.length === other.data.slots.length &&
    slots.every(
      (slot, index) => slot === other.data.slots[index] && counts[index] === other.data.counts[index],
    )
  if (!isSame) throw new Flaw('the intervals have other values')
}

/** Goes through the numbers of a declaration of `plugin/record.ts`, groups included. */
function compareNumbers(declared: object, stated: object, summed: object): void {
  for (const [name, inner] of Object.entries(declared)) {
    const [one, other] = [stated, summed].map((part) => (part as Record<string, unknown>)[name])
    at(name, () =>
      typeof inner === 'string'
        ? compare(one as number, other as number)
        : compareNumbers(inner as object, one as object, other as object),
    )
  }
}

function compareNames<Value, Absent>(
  stated: Readonly<Record<string, Value>>,
  summed: Readonly<Record<string, Value>>,
  absent: Absent,
  compareBoth: (one: Value | Absent, other: Value | Absent) => void,
): void {
  const valueIn = (part: Readonly<Record<string, Value>>, name: string): Value | Absent =>
    Object.hasOwn(part, name) ? part[name]! : absent
  for (const name of new Set([...Object.keys(stated), ...Object.keys(summed)]))
    at(name, () => compareBoth(valueIn(stated, name), valueIn(summed, name)))
}

function compare(stated: number, summed: number): void {
  const isWhole = Number.isSafeInteger(stated) && Number.isSafeInteger(summed)
  const apart = isWhole ? 0 : rounding * Math.max(1, Math.abs(stated), Math.abs(summed))
  if (!(Math.abs(stated - summed) <= apart) || !Number.isFinite(apart))
    throw new Flaw(`${stated}, but the intervals add up to ${summed}`)
}
