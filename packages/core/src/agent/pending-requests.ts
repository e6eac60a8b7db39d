import type { CloudbenchError } from '../errors.ts'
import type { Event } from '../protocol/protocol.ts'
import { fromWire } from '../protocol/wire-error.ts'

/** The requests that a process has not answered yet. */
export interface PendingRequests {
  /** Takes the next number, and waits for the answer with it. */
  next(): { readonly id: number; readonly answered: Promise<never> }
  settle(event: Extract<Event, { type: 'answer' | 'refusal' }>): void
  /** Rejects pending requests, and all requests from now on. The first failure counts. */
  fail(error: CloudbenchError): void
}

export function createPendingRequests(): PendingRequests {
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: unknown): void }>()
  let lastId = 0
  let failure: CloudbenchError | undefined
  return {
    next() {
      const id = ++lastId
      const answered = new Promise<never>((resolve, reject) => {
        if (failure) reject(failure)
        else waiting.set(id, { resolve, reject })
      })
      return { id, answered }
    },
    settle(event) {
      const request = waiting.get(event.id)
      waiting.delete(event.id)
      if (event.type === 'answer') request?.resolve(event.answer as never)
      else request?.reject(fromWire(event.error))
    },
    fail(error) {
      failure ??= error
      for (const { reject } of waiting.values()) reject(failure)
      waiting.clear()
    },
  }
}
