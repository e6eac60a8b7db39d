import type { Selection } from '../checks/metric.ts'
import type { ScopedMetric } from '../checks/scope.ts'
import { quantileOf } from '../checks/statistic.ts'
import { Histogram } from '../metrics/histogram.ts'

/** What kind of number a metric is: what can disturb it, and how its interval comes about. */
export type Quantity =
  | { readonly kind: 'rate' | 'errors' | 'count' }
  | {
      readonly kind: 'latency'
      readonly basis: Basis
      /** 0 is the minimum, 1 the maximum; undefined is the mean. */
      readonly q: number | undefined
      /** The name of the distribution. */
      readonly key: string
      /** The values, in any part of the measurement. */
      histogramOf(selection: Selection): Histogram
    }

/** From when the time counts: from when a request was due, or from when it was sent. `none`: the generator itself is measured. */
type Basis = 'due' | 'sent' | 'none'

export type Latency = Extract<Quantity, { kind: 'latency' }>

/** `whole` decides what `latency` is: response times where there are any. */
export function quantityOf({ metric: { name } }: ScopedMetric, whole: Selection): Quantity {
  if (name === 'rate' || name.startsWith('bytes.')) return { kind: 'rate' }
  if (name === 'errors.rate') return { kind: 'errors' }
  const [, distribution, statistic = ''] =
    /^(response|service|latency|lag|failures)\.(.+)$/.exec(name) ??
    /^(recorders\..+?)\.(p\d+(?:\.\d+)?|mean|min|max)$/s.exec(name) ??
    []
  if (distribution === undefined) return { kind: 'count' }
  const latency = { kind: 'latency', q: quantileOf(statistic) } as const
  if (distribution.startsWith('recorders.')) {
    const recorder = distribution.slice('recorders.'.length)
    return {
      ...latency,
      basis: 'sent',
      key: distribution,
      histogramOf: (selection) => recorded(selection, recorder),
    }
  }
  const isDue = whole.metrics.some(({ response }) => response.count > 0)
  const key = (distribution === 'latency' ? (isDue ? 'response' : 'service') : distribution) as
    | 'response'
    | 'service'
    | 'lag'
    | 'failures'
  return {
    ...latency,
    key,
    basis: key === 'lag' ? 'none' : key === 'response' ? 'due' : 'sent',
    histogramOf: ({ metrics }) => Histogram.sum(metrics.map((part) => part[key])),
  }
}

function recorded({ flows }: Selection, name: string): Histogram {
  return Histogram.sum(
    flows.flatMap(({ recorders }) => (Object.hasOwn(recorders, name) ? [recorders[name]!] : [])),
  )
}
