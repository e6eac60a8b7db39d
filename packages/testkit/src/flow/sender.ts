import type { Connection, Outcome } from '@cloudbench/core'
import { failureName, Lane, type RequestSlot, type SlotOwner, type Tally } from '@cloudbench/core/program'

/** Sends requests over the slots of one connection, as many at once as it has. */
export interface Sender {
  send(index: number): Promise<Outcome>
  sendAll(count: number): Promise<readonly Outcome[]>
  /** The connection is dead: fails what is in flight or waits, and every request from now on, as the host sends it none. */
  failAll(error: unknown): void
  /** Whether a request has failed: the host would have closed the connection. */
  readonly hasFailed: boolean
  readonly answers: number
  /** Answers to requests that had already been answered. */
  readonly surplusAnswers: number
}

interface Request {
  readonly index: number
  done(outcome: Outcome): void
  fail(error: unknown): void
}

/** Counts in the tally what the load counts: answers at once, and failures under their name. */
export function createSender(connection: Connection, tally: Tally, salt: number): Sender {
  const counts = { hasFailed: false, answers: 0, surplusAnswers: 0 }
  const queue = createQueue()
  const countAnswer = (outcome: Outcome, { sentMs, answeredMs }: RequestSlot): void =>
    tally.answered(outcome, sentMs, sentMs, Math.min(answeredMs, performance.now()), false)
  const take = (slot: RequestSlot): Request | undefined => {
    const request = queue.take(slot)
    if (request) counts.answers++
    // once a request has failed, the load takes no more answers either
    else if (!counts.hasFailed) counts.surplusAnswers++
    return request
  }
  const owner: SlotOwner = {
    salt,
    answered(slot) {
      if (slot.isInFlight) slot.answeredMs = performance.now()
    },
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
      queue.pump()
    },
    fail(slot, error) {
      const request = take(slot)
      if (!request) return
      counts.hasFailed = true
      countAnswer(tally.outcome(failureName(error), { ok: false }), slot)
      request.fail(error)
      // not while a driver is still failing everything in flight
      queueMicrotask(queue.pump)
    },
    unsent: (slot, error) => owner.fail(slot, error ?? new Error('the request was never sent')),
  }
  const { slots } = new Lane(0, connection, owner)
  queue.idle.push(...slots)
  let death: { readonly error: unknown } | undefined
  const add = (request: Request): void => {
    if (death) request.fail(death.error)
    else queue.add(request)
  }
  return Object.assign(counts, {
    send: (index: number) => new Promise<Outcome>((done, fail) => add({ index, done, fail })),
    sendAll: (count: number) => sendAll(count, slots.length, add),
    failAll(reason: unknown) {
      const error = reason ?? Object.assign(new Error('connection lost'), { name: 'connection lost' })
      death = { error }
      for (const { fail } of queue.waiting.splice(0)) fail(error)
      for (const slot of slots) if (slot.busy) owner.fail(slot, error)
      counts.hasFailed = true
    },
  })
}

/** Requests that wait for a slot, and slots that wait for a request. */
interface Queue {
  readonly idle: RequestSlot[]
  readonly waiting: Request[]
  add(request: Request): void
  /** The request in flight on a slot, which is idle from now on. */
  take(slot: RequestSlot): Request | undefined
  pump(): void
}

function createQueue(): Queue {
  const idle: RequestSlot[] = []
  const waiting: Request[] = []
  const inFlight = new Map<RequestSlot, Request>()
  let isPumping = false
  const pump = (): void => {
    // a driver may answer before it returns
    if (isPumping) return
    isPumping = true
    while (waiting.length > 0 && idle.length > 0) {
      const request = waiting.shift()!
      const slot = idle.shift()!
      inFlight.set(slot, request)
      slot.sentMs = performance.now()
      slot.send(request.index)
    }
    isPumping = false
  }
  return {
    idle,
    waiting,
    add(request) {
      waiting.push(request)
      pump()
    },
    take(slot) {
      const request = inFlight.get(slot)
      inFlight.delete(slot)
      slot.busy = false
      if (request) idle.push(slot)
      return request
    },
    pump,
  }
}

/** Adds the next request with every answer, as a load does; none after one that fails. */
function sendAll(
  count: number,
  streams: number,
  add: (request: Request) => void,
): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const outcomes: Outcome[] = []
    let next = 0
    const sendNext = (): void => {
      if (next < count) add({ index: next++, done, fail })
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
