import type { FlowMetrics } from '../plugin/model.ts'
import { flowIn, type Measurement, type Stretch } from './measurement.ts'

/** What is in flight in this share of the places is all that fits. */
const fullShare = 0.95
/** Requests that wait for a place for longer than this share of their service time do wait. */
const waitShare = 0.1
const negligibleWaitNs = 200_000

/** The places for requests of a flow, and when they were taken. */
export interface Pool {
  readonly connections: number
  /** Mean number of requests in flight in the last stretch of each course, all together. */
  readonly inFlightAtEnd: number
  /** Mean number of open connections then. */
  readonly openAtEnd: number
  /** Stretches in which all places were taken and requests waited for one, by how much time they are of all. */
  readonly fullShare: number
  readonly full: readonly FlowMetrics[]
  /** The fastest request; Infinity where there was none. One that was given up is none, though its time so far is recorded. */
  readonly fastestNs: number
  /** Stretches in which more than half of the places were free. */
  readonly free: readonly FlowMetrics[]
}

export function poolOf(measurement: Measurement, flow: string): Pool {
  const parts = measurement.stretches.flatMap((stretch) => {
    const metrics = flowIn(stretch.flows, flow)
    return metrics === undefined ? [] : [{ stretch, metrics, inFlight: metrics.inFlightMs / stretch.spanMs }]
  })
  const connections = parts.reduce(
    (most, { stretch }) => Math.max(most, stretch.phase.loads[flow]?.connections ?? 0),
    0,
  )
  const most = parts.reduce((highest, { inFlight }) => Math.max(highest, inFlight), 0)
  const places = placesOf(connections, most)
  const full = parts.filter(
    ({ stretch, metrics, inFlight }) => inFlight >= fullShare * places && didWait(metrics, stretch),
  )
  const spanOf = (some: readonly { readonly stretch: Stretch }[]): number =>
    some.reduce((sum, { stretch }) => sum + stretch.spanMs, 0)
  return {
    connections,
    inFlightAtEnd: atEnds(measurement, flow, ({ inFlightMs }) => inFlightMs),
    openAtEnd: atEnds(measurement, flow, (metrics) => metrics.connections.openMs),
    fullShare: parts.length === 0 ? 0 : spanOf(full) / spanOf(parts),
    full: full.map(({ metrics }) => metrics),
    fastestNs: parts
      .filter(({ metrics: { total } }) => total.service.count > 0 && total.unanswered === 0)
      .reduce((least, { metrics: { total } }) => Math.min(least, total.service.min), Infinity),
    free: parts
      .filter(({ metrics, inFlight }) => inFlight < places / 2 && metrics.total.service.count > 0)
      .map(({ metrics }) => metrics),
  }
}

/**
 * A result does not say for how many requests there is a place on a connection: as many as it takes for what was in flight
 * to fit. Never more than there are.
 */
export function placesOf(connections: number, inFlight: number): number {
  return connections * Math.max(1, Math.ceil(inFlight / Math.max(1, connections) - 0.05))
}

/** For a connection, though the generator was on time. */
function didWait({ total: { lag, service } }: FlowMetrics, { generators }: Stretch): boolean {
  if (lag.count === 0) return false
  const own = generators.reduce(
    (most, sample) => Math.max(most, sample.lag.count > 0 ? sample.lag.mean : 0),
    0,
  )
  const waitNs = lag.mean - own
  return waitNs > negligibleWaitNs && waitNs > waitShare * (service.count > 0 ? service.mean : 0)
}

/** Of a count that was integrated over time. */
function atEnds(
  { courses, stretches }: Measurement,
  flow: string,
  integralOf: (metrics: FlowMetrics) => number,
): number {
  return courses.reduce((sum, course) => {
    const last = stretches.findLast(
      (stretch) =>
        stretch.phase === course.phase && course.intervals.some(({ startMs }) => startMs === stretch.startMs),
    )
    const metrics = last && flowIn(last.flows, flow)
    return sum + (last && metrics ? integralOf(metrics) / last.spanMs : 0)
  }, 0)
}
