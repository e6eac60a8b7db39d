import type { Connection, Outcome } from '@cloudbench/core'
import { failureName, Lane, type RequestSlot, type SlotOwner, type Tally } from '@cloudbench/core/program'

/** Sends requests over the slots of one connection, at most as many at once as it has. */
export interface Sender {
  send(index: number, traceparent: string | undefined): Promise<Outcome>
  sendAll(count: number): Promise<readonly Outcome[]>
  /** Whether a request has failed: the host would have closed the connection. */
  readonly hasFailed: boolean
  /** Answers to requests that had been answered. */
  readonly surplusAnswers: number
}

interface Request {
  readonly index: number
  readonly traceparent: string | undefined
  done(outcome: Outcome): void
  fail(error: unknown): void
}

/** Counts in the tally what the load counts: answers at once, and failures under their name. */
export function createSender(connection: Connection, tally: Tally, salt: number): Sender {
  const waiting: Request[] = []
  const inFlight = new Map<RequestSlot, Request>()
  let hasFailed = false
  let surplusAnswers = 0
  let isPumping = false
  const pump = (): void => {
    // a driver may answer while it is asked
    if (isPumping) return
    isPumping = true
    for (let slot = idle.shift(); slot; slot = idle.shift()) {
      const request = waiting.shift()
      if (!request) {
        idle.unshift(slot)
        break
      }
      inFlight.set(slot, request)
      slot.traceparent = request.traceparent
      slot.sentMs = performance.now()
      slot.send(request.index)
    }
    isPumping = false
  }
  const take = (slot: RequestSlot): Request | undefined => {
    const request = inFlight.get(slot)
    inFlight.delete(slot)
    slot.busy = false
    if (request) idle.push(slot)
    // once a request has failed, the load takes no more answers either
    else if (!hasFailed) surplusAnswers++
    return request
  }
  const countAnswer = (outcome: Outcome, { sentMs }: RequestSlot): void =>
    tally.answered(outcome, sentMs, sentMs, performance.now(), false)
  const owner: SlotOwner = {
    salt,
    finish(slot, outcome) {
      const request = take(slot)
      if (!request) return
      try {
        countAnswer(outcome, slot)
        request.done(outcome)
      } catch (error) {
        // an outcome that the tally does not know
        request.fail(error)
      }
      pump()
    },
    fail(slot, error) {
      const request = take(slot)
      if (!request) return
      hasFailed = true
      countAnswer(tally.outcome(failureName(error), { ok: false }), slot)
      request.fail(error)
      // not into the midst of a driver that fails everything in flight
      queueMicrotask(pump)
    },
  }
  const idle = [...new Lane(0, connection, owner).slots]
  const streams = idle.length
  const enqueue = (request: Request): void => {
    waiting.push(request)
    pump()
  }
  return {
    send: (index, traceparent) => new Promise((done, fail) => enqueue({ index, traceparent, done, fail })),
    sendAll: (count) => sendAll(count, streams, enqueue),
    get hasFailed() {
      return hasFailed
    },
    get surplusAnswers() {
      return surplusAnswers
    },
  }
}

/** Has the next request enqueued with every answer, as a load does; none after one that fails. */
function sendAll(
  count: number,
  streams: number,
  enqueue: (request: Request) => void,
): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const outcomes: Outcome[] = []
    let next = 0
    const sendNext = (): void => {
      if (next < count) enqueue({ index: next++, traceparent: undefined, done, fail })
    }
    const done = (outcome: Outcome): void => {
      if (outcomes.push(outcome) === count) resolve(outcomes)
      else sendNext()
    }
    const fail = (error: unknown): void => {
      next = count
      reject(error)
    }
    if (count === 0) resolve(outcomes)
    for (let left = Math.min(streams, count); left > 0; left--) sendNext()
  })
}
