import type { Call, Connection, Outcome } from '@cloudbench/core'
import { CloudbenchError, messageOf, within } from '@cloudbench/core'
import { Lane } from '@cloudbench/core/program'
import { fault, isFault } from '../../fault.ts'
import type { Sender } from '../../flow/sender.ts'
import { doing } from '../parent.ts'

const salt = 0x5eed

/** What a driver did wrong with the calls that it was given. */
export interface Misuse {
  /** What it read of a call after it had given way to the event loop. */
  readonly lateReads: Set<string>
  /** Answers to requests that had already been answered. */
  surplusAnswers: number
}

export function noMisuse(): Misuse {
  return { lateReads: new Set(), surplusAnswers: 0 }
}

/** Sends one request over a slot of its own. Rejects with what the driver fails it with. */
export function send(connection: Connection, index: number, misuse: Misuse): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let answers = 0
    const settle = (): void => {
      if (answers++ > 0) misuse.surplusAnswers++
    }
    const { slots } = new Lane(0, guarded(connection, misuse.lateReads), {
      salt,
      answered() {},
      finish(_slot, outcome) {
        settle()
        resolve(outcome)
      },
      fail(_slot, error) {
        settle()
        reject(error instanceof Error ? error : new Error(messageOf(error)))
      },
      unsent(slot, error) {
        this.fail(slot, error ?? new Error('the request was never sent'))
      },
    })
    slots[0]!.send(index)
  })
}

/** Blames the driver for what it throws and returns, and notes what it reads too late. */
function guarded({ issue, request, close }: Connection, lateReads: Set<string>): Connection {
  const blamed = <T>(run: () => T): T => {
    try {
      return run()
    } catch (error) {
      throw fault({
        what: `the driver throws synchronously instead of failing the request: ${messageOf(error)}`,
        expected: 'request rejects, or issue calls slot.fail',
        next: 'make request async, or catch and call slot.fail',
      })
    }
  }
  // a slot is the driver's until it is answered
  if (issue) return { close, issue: (slot) => blamed(() => issue(slot)) }
  return {
    close,
    request(call) {
      const watched = watchReads(call, lateReads)
      const answer: unknown = blamed(() => request!(watched.call))
      watched.end()
      if (typeof (answer as PromiseLike<Outcome> | undefined)?.then === 'function')
        return answer as Promise<Outcome>
      throw fault({
        what: `request returns ${typeof answer}, not a promise`,
        expected: 'a promise of an outcome',
        next: 'async request() { … }, or issue(slot) for answers without a promise',
      })
    },
  }
}

/** A call that notes what is read of it after `end`. */
function watchReads(call: Call, lateReads: Set<string>): { readonly call: Call; end(): void } {
  let hasEnded = false
  const read = <T>(what: string, value: T): T => {
    if (hasEnded) lateReads.add(what)
    return value
  }
  return {
    call: {
      get index() {
        return read('index', call.index)
      },
      random: () => read('random()', call.random()),
    },
    end() {
      hasEnded = true
    },
  }
}

/** Sends one request to a server that is up; a fault when it fails or hangs. */
export async function answerOf(
  connection: Connection,
  index: number,
  limitMs: number,
  misuse: Misuse,
): Promise<Outcome> {
  const what = `request ${index}`
  doing(`sending ${what}`)
  try {
    return await within(
      limitMs,
      () => send(connection, index, misuse),
      () => unanswered(what, limitMs),
    )
  } catch (error) {
    throw failed(what, error)
  }
}

/** Sends many requests as a load does, over slots that are reused. A fault when one fails, or none is answered in time. */
export async function sendMany(sender: Sender, count: number, limitMs: number): Promise<readonly Outcome[]> {
  let before = sender.answers
  let timer: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_resolve, reject) => {
    timer = setInterval(() => {
      if (sender.answers === before) reject(unanswered(`one of ${count} requests`, limitMs))
      before = sender.answers
    }, limitMs)
  })
  doing(`sending ${count} requests`)
  try {
    return await Promise.race([sender.sendAll(count), stalled])
  } catch (error) {
    throw failed(`one of ${count} requests`, error)
  } finally {
    clearInterval(timer)
  }
}

export function failed(request: string, error: unknown): Error {
  // an answer that the tally does not take
  if (isFault(error) || (error instanceof CloudbenchError && error.code === 'CB_HOOK')) return error
  return fault({
    what: `${request} fails although the server is up: ${messageOf(error)}`,
    expected: 'an outcome: only a dead connection may fail a request',
    next: 'answer protocol-level failures with an outcome whose ok is false',
  })
}

export function unanswered(request: string, limitMs: number): Error {
  return fault({
    what: `${request} was not answered within ${limitMs} ms, although the server is up`,
    expected: 'exactly one answer to every request',
    next: 'look for where the answer gets lost: a promise that never resolves, an event without a listener',
  })
}
