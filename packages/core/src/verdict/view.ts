import { batchesOf } from '@cloudbench/stats'
import type { Selection } from '../checks/metric.ts'
import { select, type ScopedMetric } from '../checks/scope.ts'
import { Histogram } from '../metrics/histogram.ts'
import { sumFlowLists, type Measured } from '../metrics/metrics.ts'
import { isConstant, type Measurement } from './measurement.ts'

/** A part of a measurement, as a whole and in batches of about the same length. */
export interface View {
  readonly whole: Selection
  /** None where there are too few intervals, or where the load was not the same throughout: they would differ for that. */
  readonly batches: readonly Selection[]
}

/** Finds the part of the measurement that a metric is about, or says why there is none. */
export type ViewOf = (scoped: ScopedMetric) => View | string

export function viewsOf(measurement: Measurement): ViewOf {
  let batched: readonly Measured[] | undefined
  const known = new Map<string, View | string>()
  const find = (scoped: ScopedMetric): View | string => {
    const whole = select(measurement, scoped)
    if (typeof whole === 'string') return whole
    if (!whole.flows.every(({ flow }) => isConstant(measurement, flow))) return { whole, batches: [] }
    batched ??= batchesOf(measurement.stretches).map((stretches) => ({
      flows: sumFlowLists(stretches.map(({ flows }) => flows)),
      elapsedMs: stretches.reduce((sum, { spanMs }) => sum + spanMs, 0),
    }))
    const batches = batched.map((batch) => {
      const selection = select(batch, scoped)
      // nothing happened in it
      return typeof selection === 'string'
        ? { flows: [], metrics: [], elapsedMs: batch.elapsedMs }
        : selection
    })
    return { whole, batches }
  }
  return (scoped) => {
    const key = JSON.stringify([scoped.scope, scoped.metric.perOperation])
    const view = known.get(key) ?? find(scoped)
    known.set(key, view)
    return view
  }
}

/** A distribution as a whole and in batches. */
export interface BatchedHistogram {
  readonly whole: Histogram
  readonly batches: readonly Histogram[]
}

const kept = new WeakMap<View, Map<string, BatchedHistogram>>()

/** The distribution of a view; `name` tells it apart from others of the same view. */
export function histogramsOf(
  view: View,
  name: string,
  histogramOf: (selection: Selection) => Histogram,
): BatchedHistogram {
  const own = kept.get(view) ?? new Map<string, BatchedHistogram>()
  kept.set(view, own)
  const found = own.get(name) ?? {
    whole: histogramOf(view.whole),
    batches: view.batches.map(histogramOf),
  }
  own.set(name, found)
  return found
}
