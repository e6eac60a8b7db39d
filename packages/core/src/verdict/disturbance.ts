import type { Selection } from '../checks/metric.ts'
import { Histogram } from '../metrics/histogram.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'
import type { HistogramView } from '../plugin/model.ts'
import { flowIn, isOpen, measuresGenerator, type Measurement } from './measurement.ts'
import type { Latency } from './quantity.ts'

/** What a disturbance takes that is not worth a word: a thread that wakes on time is this late. */
const negligibleNs = 200_000
/** The timers that look for pauses count whole milliseconds: up to one of what they are late by is theirs. */
const timerNs = 1e6

/** How late requests were sent at the quantile q (0 to 1); undefined: on average. */
export function lateNs(lag: HistogramView, q: number | undefined): number {
  return lag.count === 0 ? 0 : worthAWord(valueAt(lag, q))
}

/**
 * What a share q of arrivals at random moments would at most have waited for the load thread, since it was held up; undefined: on
 * average. The histogram is weighted by time.
 */
export function heldUpNs(hiccup: HistogramView, q: number | undefined): number {
  if (hiccup.count === 0) return 0
  if (q !== undefined) return worthAWord(valueAt(hiccup, q) - timerNs)
  return worthAWord(meanOf(hiccup, Infinity))
}

/**
 * The same for requests that had been sent when the thread was held up, and so were read late. A pause of any length holds up
 * those that are in flight when it begins, and no more: as many as are sent in a service time. So of all requests, those that
 * were delayed by at least d are the share of moments for which the thread was still held up for d to d + the service time.
 */
export function readLateNs(hiccup: HistogramView, q: number | undefined, serviceNs: number): number {
  if (hiccup.count === 0) return 0
  // min(held up, service time) over all moments
  if (q === undefined) return worthAWord(meanOf(hiccup, serviceNs))
  if (q >= 1) return worthAWord(hiccup.max - timerNs)
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
  return worthAWord(Math.min(delayNs, hiccup.max) - timerNs)
}

function valueAt(histogram: HistogramView, q: number | undefined): number {
  return q === undefined ? histogram.mean : q >= 1 ? histogram.max : histogram.percentile(100 * q)
}

/** Of what is beyond a timer's own, each value counted with `mostNs` at most. */
function meanOf(hiccup: HistogramView, mostNs: number): number {
  let sum = hiccup.overflow * Math.min(hiccup.max, mostNs)
  for (const { lowestNs, highestNs, count } of hiccup.buckets())
    sum += count * Math.min(Math.max(0, (lowestNs + highestNs) / 2 - timerNs), mostNs)
  return sum / hiccup.count
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
  /** What it may have added since requests that were held up come at once: they wait for each other, here or there. In an open loop. */
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
  if (basis === 'due') {
    // the generator was late for all flows together, but for these requests no later than they were
    const own = Histogram.sum(metrics.map((part) => part.lag))
    return {
      ns: Math.max(heldUpNs(hiccup, q), Math.min(lateNs(lag, q), lateNs(own, q))),
      burstNs: lateNs(Histogram.sum(flows.map(({ flow }) => queuedAfterPauses(measurement, flow))), q),
    }
  }
  const service = Histogram.sum(metrics.map((part) => part.service))
  const serviceNs = service.count === 0 ? 0 : service.mean
  return {
    ns: readLateNs(hiccup, q, serviceNs),
    burstNs: flows.some(({ flow }) => isOpen(measurement, flow)) ? heldUpNs(hiccup, q) : 0,
  }
}

const queued = new WeakMap<Measurement, Map<string, Histogram>>()

/**
 * How late the requests of a flow may have been since the load thread had been held up. What came due in a pause is sent at once
 * when it ends, and what comes due next waits for a connection behind it. By stretch: as late as they were, for no longer than
 * the pause before, and not at all where they waited for more than twice as long, since that had another cause.
 */
function queuedAfterPauses(measurement: Measurement, flow: string): Histogram {
  const known = queued.get(measurement) ?? new Map<string, Histogram>()
  queued.set(measurement, known)
  const found = known.get(flow) ?? queuedIn(measurement.stretches, flow)
  known.set(flow, found)
  return found
}

function queuedIn(stretches: Measurement['stretches'], flow: string): Histogram {
  const recorder = new HistogramRecorder()
  let pauseNs = 0
  let longestNs = 0
  for (const { flows, generators } of stretches) {
    const lag = flowIn(flows, flow)?.total.lag ?? Histogram.empty
    // a queue that drains outlasts the stretch that it began in
    if (lag.max >= longestNs) pauseNs = 0
    for (const { hiccup } of generators)
      if (hiccup.count > 0) pauseNs = Math.max(pauseNs, hiccup.max - timerNs)
    longestNs = lag.max
    for (const { highestNs, count } of lag.buckets())
      recorder.recordMany(count, () => (highestNs > 2 * pauseNs ? 0 : Math.min(highestNs, pauseNs)))
  }
  return new Histogram(recorder.drain())
}
