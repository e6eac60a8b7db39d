import type { Outcome } from '../plugin/driver.ts'
import type { Interval, TracedRequest } from '../plugin/model.ts'

/** More sampled requests than this are not kept: of a worker's flow, and of an interval. */
export const mostRequests = 200

/** The requests of a flow that a worker has kept since its last report. Their ids follow from their numbers. */
export interface RequestsDelta {
  /** Of each: index, due, sent, done, connection, and which of the ends. Times in milliseconds since the phase began. */
  readonly numbers: readonly number[]
  readonly ends: readonly (Pick<Outcome, 'name' | 'ok' | 'operation'> | 'timedOut' | 'unanswered')[]
  readonly requestsDropped: number
}

/** What an interval says of single requests. */
export type Requests = Pick<Interval, 'requests' | 'requestsDropped'>

/**
 * The requests of several workers or stretches of time: the slowest of each flow, and those that were sampled; of too many,
 * those with the highest trace ids, as workers choose them. The same in any order.
 */
export function mergeRequests(parts: readonly Requests[]): Requests {
  const told = parts.filter(({ requests }) => requests !== undefined)
  if (told.length === 0) return {}
  const all = told.flatMap(({ requests }) => requests!)
  const slowest = new Map<string, TracedRequest>()
  for (const request of all) {
    const known = slowest.get(request.flow)
    if (known === undefined || tookMs(request) > tookMs(known)) slowest.set(request.flow, request)
  }
  const sampled = all.filter((request) => request.sampled)
  const kept = new Set([
    ...slowest.values(),
    ...sampled.toSorted((a, b) => rankOf(b) - rankOf(a)).slice(0, mostRequests),
  ])
  return {
    requests: [...kept].toSorted((a, b) => a.sentMs - b.sentMs),
    requestsDropped:
      told.reduce((sum, { requestsDropped = 0 }) => sum + requestsDropped, 0) +
      sampled.filter((request) => !kept.has(request)).length,
  }
}

/** What is judged: the response time, and in a closed loop the service time. */
function tookMs({ dueMs, sentMs, doneMs }: TracedRequest): number {
  return doneMs - (dueMs ?? sentMs)
}

/** As `RequestIds.rank`. */
function rankOf({ traceId }: TracedRequest): number {
  return Number.parseInt(traceId.slice(-8), 16)
}
