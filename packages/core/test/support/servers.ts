import { uniform } from '../../src/load/random.ts'
import type { Serve } from './simulate.ts'

// servers whose response times are known, for `simulate`

/** When a server stands still. */
export interface Stall {
  readonly everyMs: number
  /** In each period. */
  readonly fromMs: number
  readonly stallMs: number
}

/** Milliseconds until a server that stands still at `nowMs` goes on; 0 when it does not. */
function untilAwake(nowMs: number, { everyMs, fromMs, stallMs }: Stall): number {
  const inPeriod = (nowMs - fromMs) % everyMs
  return inPeriod >= 0 && inPeriod < stallMs ? stallMs - inPeriod : 0
}

/** Answers each request after the same time, however many there are, but for none in a stall. */
export function parallel(serviceMs: number, stall?: Stall): Serve {
  return (slot, { answer, nowMs }) =>
    answer(slot, (stall === undefined ? 0 : untilAwake(nowMs, stall)) + serviceMs)
}

export interface QueueOptions {
  /** By number of arrival at the server. */
  readonly serviceMs: (arrival: number) => number
  /** @default 1 */
  readonly servers?: number
  readonly stall?: Stall
}

export interface QueueServer {
  readonly serve: Serve
  /** What each arrival took in all, in milliseconds, by the server's own account. */
  readonly responsesMs: readonly number[]
  /** How many had to wait. */
  readonly waited: () => number
}

/** One queue, first come, first served. A request in service when a stall begins is answered in time. */
export function queue({ serviceMs, servers = 1, stall }: QueueOptions): QueueServer {
  const freeMs = Array.from({ length: servers }, () => 0)
  const responsesMs: number[] = []
  let waited = 0
  return {
    responsesMs,
    waited: () => waited,
    serve(slot, { answer, nowMs }) {
      const firstMs = Math.min(...freeMs)
      const idleMs = Math.max(firstMs, nowMs)
      const startMs = idleMs + (stall === undefined ? 0 : untilAwake(idleMs, stall))
      const doneMs = startMs + serviceMs(responsesMs.length)
      freeMs[freeMs.indexOf(firstMs)] = doneMs
      if (startMs > nowMs) waited++
      responsesMs.push(doneMs - nowMs)
      answer(slot, doneMs - nowMs)
    },
  }
}

/** Exponential service times, the same for the same seed. */
export function exponential(meanMs: number, seed: number): (arrival: number) => number {
  return (arrival) => -meanMs * Math.log(1 - uniform(seed, arrival, 0))
}

/** Response times by Lindley’s recursion: W_{i+1} = max(0, W_i + S_i − A_i), which knows no server and no clock. */
export function lindley(dueMs: readonly number[], serviceMs: (arrival: number) => number): number[] {
  let waitMs = 0
  return dueMs.map((due, arrival) => {
    const responseMs = waitMs + serviceMs(arrival)
    waitMs = Math.max(0, responseMs - ((dueMs[arrival + 1] ?? Infinity) - due))
    return responseMs
  })
}
