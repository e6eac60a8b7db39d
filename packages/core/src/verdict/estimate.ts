import {
  effectiveSamples,
  gradeOf,
  meanInterval,
  quantileInterval,
  type MeanInterval,
} from '@cloudbench/stats'
import type { Selection } from '../checks/metric.ts'
import { answered, errors, sum } from '../checks/reading.ts'
import type { NumberVerdict } from '../plugin/verdict.ts'
import type { Quantity } from './quantity.ts'
import { histogramsOf, type View } from './view.ts'

export interface Estimate extends Pick<NumberVerdict, 'interval' | 'grade'> {
  /** Of quantiles: independent samples that would say as much, and lie beyond it. */
  readonly samplesBeyond?: number
}

/** Batches that say something else than the whole, such as those of shards that do not begin together, make no interval. */
const sameShare = 0.02

/**
 * The 95 % confidence interval of a number, and of quantiles how well it is established. By batch means, since requests depend on
 * each other; of quantiles by Woodruff's inversion. `@cloudbench/stats` has the formulae and their sources.
 */
export function estimateOf(name: string, quantity: Quantity, view: View, value: number): Estimate {
  if (quantity.kind === 'count') return {}
  if (quantity.kind !== 'latency') {
    const part: (selection: Selection) => { readonly count: number; readonly sum: number } =
      quantity.kind === 'errors'
        ? ({ metrics }) => ({ count: sum(metrics, 'sent'), sum: errors(metrics) })
        : ({ metrics, elapsedMs }) => ({ count: elapsedMs / 1000, sum: answered(metrics) })
    // bytes are a rate of something else
    if (quantity.kind === 'rate' && name !== 'rate') return {}
    return around(value, meanInterval(view.batches.map(part)), quantity.kind === 'errors' ? 1 : Infinity)
  }
  const { q, key, histogramOf } = quantity
  const { whole, batches } = histogramsOf(view, key, histogramOf)
  if (q === undefined)
    return around(value, meanInterval(batches.map((batch) => ({ count: batch.count, sum: batch.sum }))))
  if (q === 0 || q === 1) return {}
  const found = quantileInterval(q, { whole, batches })
  const samples = effectiveSamples({ whole, batches })
  return {
    ...(found && { interval: { low: found.low, high: found.high } }),
    ...(samples !== undefined && { grade: gradeOf(q, samples), samplesBeyond: samples * Math.min(q, 1 - q) }),
  }
}

/**
 * The stretches of a schedule and the whole may differ by a request at either end: the interval is that of the value. Where books
 * do not add up, the value may itself be beyond what is possible.
 */
function around(value: number, found: MeanInterval | undefined, most = Infinity): Estimate {
  if (found === undefined || !(Math.abs(found.mean - value) <= sameShare * Math.abs(value))) return {}
  const low = Math.max(0, value - (found.mean - found.low))
  const high = Math.max(value, Math.min(most, value + (found.high - found.mean)))
  return { interval: { low, high } }
}
