import type { Connection, Outcome, Slot } from '@cloudbench/core'
import { messageOf } from '@cloudbench/core'
import { uniform } from '@cloudbench/core/program'
import { fault, isFault } from '../../fault.ts'
import { doing } from '../parent.ts'

const salt = 0x5eed

/** What a driver did wrong with the calls that it was given. */
export interface Misuse {
  /** What it read of a call after it had given way to the event loop. */
  readonly lateReads: Set<string>
  /** Answers to requests that had been answered. */
  surplus: number
}

export function noMisuse(): Misuse {
  return { lateReads: new Set(), surplus: 0 }
}

/**
 * Sends one request under a call of its own, which notices when it is read too late, and when it is answered twice.
 * Rejects with what the driver fails it with.
 */
export function send(connection: Connection, index: number, misuse: Misuse = noMisuse()): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let isOurTurn = true
    let answers = 0
    let draws = 0
    const read = (what: string): void => {
      // a slot is the driver's until it is answered
      if (!isOurTurn && !connection.issue) misuse.lateReads.add(what)
    }
    const settle = (): void => {
      if (answers++ > 0) misuse.surplus++
    }
    const slot: Slot = {
      get index() {
        read('index')
        return index
      },
      get traceparent() {
        read('traceparent')
        return undefined
      },
      random() {
        read('random()')
        return uniform(salt, index, draws++)
      },
      done(outcome) {
        settle()
        resolve(outcome)
      },
      fail(error) {
        settle()
        reject(error instanceof Error ? error : new Error(messageOf(error)))
      },
    }
    try {
      if (connection.issue) connection.issue(slot)
      else follow(connection.request!(slot), slot)
    } catch (error) {
      reject(isFault(error) ? error : thrown(error))
    }
    isOurTurn = false
  })
}

/** Hands the answer of `request` to a slot. */
function follow(answer: unknown, slot: Pick<Slot, 'done' | 'fail'>): void {
  if (typeof (answer as PromiseLike<Outcome> | undefined)?.then !== 'function')
    throw fault({
      what: `request returns ${typeof answer}, not a promise`,
      expected: 'a promise of an outcome',
      next: 'async request() { … }, or issue(slot) for answers without a promise',
    })
  ;(answer as Promise<Outcome>).then(slot.done, slot.fail)
}

/** A driver that throws where it should fail the request. */
function thrown(error: unknown): Error {
  return fault({
    what: `the driver throws synchronously instead of failing the request: ${messageOf(error)}`,
    expected: 'request rejects, or issue calls slot.fail',
    next: 'make request async, or catch and call slot.fail',
  })
}

/** The outcome of a request on a server that is up; a fault when it fails or hangs. */
export async function answered(
  connection: Connection,
  index: number,
  limitMs: number,
  misuse?: Misuse,
): Promise<Outcome> {
  doing(`sending request ${index}`)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unanswered(index, limitMs)), limitMs)
    timer.unref()
  })
  try {
    return await Promise.race([send(connection, index, misuse), late])
  } catch (error) {
    throw failed(index, error)
  } finally {
    clearTimeout(timer)
  }
}

export function failed(index: number, error: unknown): Error {
  if (isFault(error)) return error
  return fault({
    what: `request ${index} fails although the server is up: ${messageOf(error)}`,
    expected: 'an outcome: only a connection that is dead may fail a request',
    next: 'answer protocol-level failures with an outcome whose ok is false',
  })
}

export function unanswered(index: number, limitMs: number): Error {
  return fault({
    what: `request ${index} was not answered within ${limitMs} ms, although the server is up`,
    expected: 'exactly one answer to every request',
    next: 'look where the answer gets lost: a promise that never resolves, an event without a listener',
  })
}
