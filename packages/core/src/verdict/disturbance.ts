import type { Selection } from '../checks/metric.ts'
import { Histogram } from '../metrics/histogram.ts'
import type { HistogramView } from '../plugin/model.ts'
import { isOpen, measuresGenerator, type Measurement } from './measurement.ts'
import type { Latency } from './quantity.ts'

/** What a disturbance takes that is not worth a word: a thread that wakes on time is this late. */
const negligibleNs = 200_000

/**
 * The value that a share q (0 to 1) of arrivals at random moments would not have exceeded, of the time for which the load thread was
 * held up. The histogram is weighted by time.
 */
export function heldUpNs(hiccup: HistogramView, q: number): number {
  return hiccup.count === 0 ? 0 : worthAWord(q >= 1 ? hiccup.max : hiccup.percentile(100 * q))
}

export function meanHeldUpNs(hiccup: HistogramView): number {
  return hiccup.count === 0 ? 0 : worthAWord(hiccup.mean)
}

/**
 * The same for requests that had been sent when the thread was held up, and so were read late. A pause of any length holds up
 * those that are in flight when it begins, and no more: as many as are sent in a service time. So of all requests, those that
 * were delayed by at least d are the share of moments for which the thread was still held up for d to d + the service time.
 */
export function readLateNs(hiccup: HistogramView, q: number, serviceNs: number): number {
  if (hiccup.count === 0) return 0
  if (q >= 1) return worthAWord(hiccup.max)
  const buckets = [...hiccup.buckets()]
  let delayNs = 0
  let end = 0
  /** From this bucket to before `end`. */
  let within = 0
  for (const { highestNs, lowestNs, count } of buckets) {
    for (; end < buckets.length && buckets[end]!.lowestNs <= lowestNs + serviceNs; end++)
      within += buckets[end]!.count
    if (within / hiccup.count > 1 - q) delayNs = highestNs
    within -= count
  }
  return worthAWord(Math.min(delayNs, hiccup.max))
}

/** Its mean: of min(held up, service time) over all moments. */
export function meanReadLateNs(hiccup: HistogramView, serviceNs: number): number {
  if (hiccup.count === 0) return 0
  let sum = 0
  for (const { lowestNs, highestNs, count } of hiccup.buckets())
    sum += count * Math.min((lowestNs + highestNs) / 2, serviceNs)
  const beyond = hiccup.overflow * serviceNs
  return worthAWord((sum + beyond) / hiccup.count)
}

function worthAWord(ns: number): number {
  return ns < negligibleNs ? 0 : ns
}

/** Changes of this size are none, in the same spirit. */
export const noChangeNs: number = negligibleNs

/** What the generator did to a latency. */
export interface Disturbance {
  /** What it may have added. */
  readonly ns: number
  /** What it may have added if the target minds that requests which were held up come at once. In an open loop. */
  readonly burstNs: number
}

/** Undefined where there is nothing to tell it from: no hiccups were measured, or the flows measure the generator. */
export function disturbanceOf(
  measurement: Measurement,
  { basis, q }: Pick<Latency, 'basis' | 'q'>,
  { flows, metrics }: Pick<Selection, 'flows' | 'metrics'>,
): Disturbance | undefined {
  const { hiccup, lag } = measurement
  if (hiccup.count === 0 || basis === 'none') return undefined
  if (flows.every(({ flow }) => measuresGenerator(measurement, flow))) return undefined
  const late = (histogram: HistogramView): number =>
    q === undefined ? meanHeldUpNs(histogram) : heldUpNs(histogram, q)
  if (basis === 'due') {
    // the generator was late for all flows together, but for these requests no later than they were
    const own = Histogram.sum(metrics.map((part) => part.lag))
    return { ns: Math.max(late(hiccup), Math.min(late(lag), late(own))), burstNs: 0 }
  }
  const service = Histogram.sum(metrics.map((part) => part.service))
  const serviceNs = service.count === 0 ? 0 : service.mean
  return {
    ns: q === undefined ? meanReadLateNs(hiccup, serviceNs) : readLateNs(hiccup, q, serviceNs),
    burstNs: flows.some(({ flow }) => isOpen(measurement, flow)) ? late(hiccup) : 0,
  }
}
