import { Histogram } from '../metrics/histogram.ts'
import { ratePerSecond } from '../metrics/metrics.ts'
import type { FlowMetrics } from '../plugin/model.ts'
import type { Limit, VerdictCode, VerdictReason } from '../plugin/verdict.ts'
import { formatCount, formatDuration, formatPercentage, formatRate } from '../text/format.ts'
import { behindOf } from './behind.ts'
import { isOpen, measuresGenerator, peakRateOf, type Measurement } from './measurement.ts'
import { poolOf, type Pool } from './pool.ts'
import { reasonOf, sayingOf, type JudgedSignal } from './signal-row.ts'
import type { Progress } from './steady.ts'

/** What kept a flow from what it was to do. */
export interface Attribution {
  readonly limit: Limit
  readonly reason: VerdictReason
}

/** A row of the table, as it was read. */
export type SignalOf = (name: string) => JudgedSignal | undefined

interface Case {
  readonly measurement: Measurement
  readonly flow: FlowMetrics
  readonly pool: Pool
  readonly behind: number
  readonly validity: 'suspect' | 'invalid'
  /** The threshold that it is beyond. */
  readonly threshold: number
}

/** What came due in less time than this may be left since the end fell into a pause: a short run proves nothing by it. */
const leastBacklogMs = 500
/** A generator that is late for this share of the median did not keep up. */
const lateShare = 0.5
/** A pause at the end that explains this share of what is left is why. */
const backlogShare = 0.5
/** With less than this share of the open connections in use, nothing to speak of is in flight. */
const idleShare = 0.01
/** The median with all places taken, of that with most of them free or of the fastest: from here on, more would not help. */
const stretchedFrom = 2
/** And below this, more would. */
const hardlyStretched = 1.5
/** With all places taken, a server that is saturated takes about the same time for all: p50 of p5. */
const narrowUpTo = 2

/**
 * Why a flow did less than it was to do, if it did; undefined where it did not.
 *
 * An open loop: was it the generator, the network, or else the pool or the target? Where requests waited since all places were
 * taken, the service times tell the last two apart. A target that is saturated takes longer the more it is given, since requests
 * wait for each other there: with N places, N times as long. One that is not takes as long as ever, and would serve more
 * requests if there were places for them. Compared are the stretches with all places taken and those with most of them free;
 * where the places were taken from the start, the median and the fastest request, if the times are alike otherwise. Nothing
 * is said where neither is clear: then only a run with a larger pool can tell.
 */
export function attributionOf(
  measurement: Measurement,
  flow: FlowMetrics,
  { isGrowing }: Progress,
  signalOf: SignalOf,
): Attribution | undefined {
  if (!isOpen(measurement, flow.flow)) return closedLimit(measurement, flow, signalOf)
  const behind = behindOf(measurement, flow)
  const unsent = signalOf('unsent')?.verdict
  const [suspectAbove, invalidAbove] = [unsent?.suspectAbove ?? Infinity, unsent?.invalidAbove ?? Infinity]
  const isBehind =
    behind > Math.min(suspectAbove, invalidAbove) && behind * measurement.elapsedMs >= leastBacklogMs
  const isFarBehind = isBehind && behind > invalidAbove
  if (!isGrowing && !isBehind) return undefined
  const pool = poolOf(measurement, flow.flow)
  const found: Case = {
    measurement,
    flow,
    pool,
    behind,
    validity: isFarBehind || isGrowing ? 'invalid' : 'suspect',
    threshold: isFarBehind ? invalidAbove : suspectAbove,
  }
  const why = isFarBehind ? whyGenerator(found, signalOf) : undefined
  if (why !== undefined)
    return say(found, 'generator', {
      code: 'GENERATOR_LIMITED',
      text: `the generator could not send ${formatPercentage(behind)} of what came due: ${why}`,
      advice: 'use more workers (--workers), a lower rate (--rate), or a larger or quieter machine',
    })
  const allowance = signalOf('allowance')
  if (allowance?.threshold !== undefined)
    return say(found, 'network', {
      code: 'NETWORK_LIMITED',
      text: `the network was the limit: ${sayingOf(allowance)}`,
      advice: allowance.row.advice,
    })
  // a little less, with connections free for it: more may have been in flight at the end than in the time before
  if (pool.fullShare === 0 && !isGrowing && !isFarBehind) return undefined
  if (pool.fullShare === 0)
    return say(found, 'target', {
      code: 'TARGET_SATURATED',
      text: `the target is saturated: ${rates(found)}, ${isGrowing ? 'and the requests in flight kept growing' : 'although connections were free'}`,
      advice: 'take the rate as what it can do; measure latency at a lower one (--rate)',
    })
  return poolOrTarget(found)
}

function poolOrTarget(found: Case): Attribution {
  const { measurement, flow, pool } = found
  const serviceOf = (parts: readonly FlowMetrics[]): Histogram =>
    Histogram.sum(parts.map(({ total }) => total.service))
  const [full, free] = [serviceOf(pool.full), serviceOf(pool.free)]
  const all = flow.total.service
  const perSecond = peakRateOf(measurement, flow.flow)
  const needed = placesFor(perSecond, full.count > 0 ? full.mean : all.mean)
  // even if every request were as fast as the fastest
  const isHopeless = pool.fastestNs < Infinity && pool.connections < (perSecond * pool.fastestNs) / 1e9
  const isStretched =
    full.count === 0
      ? undefined
      : free.count > 0
        ? ratioOf(full.percentile(50), free.percentile(50))
        : full.percentile(50) <= narrowUpTo * full.percentile(5)
          ? ratioOf(full.percentile(50), pool.fastestNs)
          : undefined
  if (isHopeless || (isStretched !== undefined && isStretched < hardlyStretched)) {
    const timesText = `${formatRate(perSecond)} × ${formatDuration((full.count > 0 ? full.mean : all.mean) / 1e6)}`
    return say(found, 'pool', {
      code: 'POOL_TOO_SMALL',
      text: `the pool is too small: ${allOf(pool)} in use while requests waited, and the target was no slower for it; ${rates(found)}`,
      advice: `raise connections to at least ${needed} (--connections ${needed}): ${timesText} are ${needed} requests in flight`,
    })
  }
  if (isStretched !== undefined && isStretched >= stretchedFrom)
    return say(found, 'target', {
      code: 'TARGET_SATURATED',
      text: `the target is saturated: ${rates(found)}, and requests took ${formatCount(isStretched, 2)} times as long once ${allOf(pool)} in use`,
      advice: 'take the rate as what it can do; measure latency at a lower one (--rate)',
    })
  const twice = 2 * pool.connections
  return say(found, 'pool or target', {
    code: 'POOL_TOO_SMALL',
    text: `${allOf(pool)} in use while requests waited: the pool is too small, or the target is saturated; ${rates(found)}`,
    advice: `run again with connections: ${twice} (--connections ${twice}): if the rate stays the same, the target is saturated`,
  })
}

/** Little's law: the requests in flight are the rate times the time that each takes. */
function placesFor(perSecond: number, serviceNs: number): number {
  return Math.max(1, Math.ceil((perSecond * serviceNs) / 1e9 - 1e-6))
}

function allOf({ connections }: Pool): string {
  return connections === 1 ? 'the only connection was' : `all ${connections} connections were`
}

function ratioOf(longNs: number, shortNs: number): number {
  return shortNs > 0 ? longNs / shortNs : Infinity
}

function rates({ measurement, flow }: Case): string {
  const asked = peakRateOf(measurement, flow.flow)
  return `${formatRate(ratePerSecond(flow.total, measurement.elapsedMs))} were answered of ${formatRate(asked)} that came due`
}

/**
 * What says that it was the generator that could not send: it was busy, it sent nothing or waited for a CPU although there were
 * places, it was late although a connection was free, or it was never able to. A wait for a CPU is no excuse where all places were taken.
 */
function whyGenerator({ behind, measurement, flow, pool }: Case, signalOf: SignalOf): string | undefined {
  const beyond = (name: string): string | undefined => {
    const signal = signalOf(name)
    return signal?.verdict.validity === 'invalid' ? sayingOf(signal) : undefined
  }
  const busy = beyond('busy')
  if (busy !== undefined) return busy
  const pauseMs = lastPauseMs(measurement)
  if (pauseMs > backlogShare * behind * measurement.elapsedMs)
    return `the load thread was held up for ${formatDuration(pauseMs)} at the end`
  const isOpenAtEnd = pool.openAtEnd >= pool.connections / 2
  if (pool.fullShare === 0 && isOpenAtEnd && pool.inFlightAtEnd < idleShare * pool.openAtEnd)
    return 'nothing to speak of was in flight at the end, and connections were free'
  const isFull = pool.fullShare > 0.5
  const waited = isFull ? undefined : (beyond('runDelay') ?? beyond('steal'))
  if (waited !== undefined) return waited
  const ceiling = signalOf('ceiling')
  if (ceiling !== undefined && (ceiling.verdict.observed ?? 0) > 1) return sayingOf(ceiling)
  const { lag } = measurement
  const { response } = flow.total
  if (isFull || lag.count === 0 || response.count === 0) return undefined
  const lateNs = lag.percentile(50)
  return lateNs > lateShare * response.percentile(50)
    ? `half of the requests were more than ${formatDuration(lateNs / 1e6)} late although a connection was free`
    : undefined
}

/** The longest pause of a load thread that ended in the last stretch of a course, or after it. */
function lastPauseMs({ courses }: Measurement): number {
  return courses.reduce((most, { endMs, intervals }) => {
    const last = intervals.filter(({ endMs: ownMs }, at) => ownMs >= endMs || at === intervals.length - 1)
    const pauses = last.flatMap(({ generators }) =>
      generators.map(({ hiccup }) => (hiccup.count > 0 ? hiccup.max / 1e6 : 0)),
    )
    return Math.max(most, ...pauses)
  }, 0)
}

/** A closed loop asks for as much as there is: something always limits it, and it is not always the target. */
function closedLimit(
  measurement: Measurement,
  { flow }: FlowMetrics,
  signalOf: SignalOf,
): Attribution | undefined {
  if (measuresGenerator(measurement, flow)) return undefined
  const [busy, allowance] = [signalOf('busy'), signalOf('allowance')]
  if (busy?.verdict.validity === 'invalid')
    return { limit: 'generator', reason: { ...reasonOf(busy, 'invalid'), flow } }
  if (allowance?.threshold !== undefined)
    return { limit: 'network', reason: { ...reasonOf(allowance, 'suspect'), flow } }
  return undefined
}

function say(
  { flow, behind, threshold, validity }: Case,
  limit: Limit,
  { code, text, advice }: { readonly code: VerdictCode; readonly text: string; readonly advice: string },
): Attribution {
  const isBeyond = behind > threshold
  return {
    limit,
    reason: {
      code,
      validity,
      text,
      advice,
      ...(isBeyond && { observed: behind, threshold, unit: 'share' }),
      flow: flow.flow,
    },
  }
}
