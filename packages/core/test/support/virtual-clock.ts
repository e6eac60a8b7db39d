import type { Clock } from '../../src/load/clock.ts'

interface Entry {
  readonly timeMs: number
  readonly order: number
  readonly callback: () => void
  isOff: boolean
}

/** Time that moves only when awaited: events in the order of their times, then of their creation. */
export class VirtualClock implements Clock {
  #nowMs: number
  #order = 0
  readonly #heap: Entry[] = []

  constructor(startMs = 0) {
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  at(timeMs: number, callback: () => void): () => void {
    const entry: Entry = {
      timeMs: Math.max(timeMs, this.#nowMs),
      order: this.#order++,
      callback,
      isOff: false,
    }
    this.#push(entry)
    return () => {
      entry.isOff = true
    }
  }

  soon(callback: () => void): void {
    this.at(this.#nowMs, callback)
  }

  /** Lets the clock jump, as when the process is held up: what was due in between happens late. */
  skip(durationMs: number): void {
    this.#nowMs += durationMs
  }

  /** Runs events until the promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const state = { isSettled: false, idleTurns: 0 }
    const settle = (): void => {
      state.isSettled = true
    }
    promise.then(settle, settle)
    while (!state.isSettled) {
      const entry = this.#pop()
      state.idleTurns = entry ? 0 : state.idleTurns + 1
      if (state.idleTurns > 1000) throw new Error('virtual time has run dry: nothing is left to happen')
      if (entry) this.#nowMs = Math.max(this.#nowMs, entry.timeMs)
      if (entry && !entry.isOff) entry.callback()
      // the promises of an event settle before time moves on
      await Promise.resolve()
    }
    return promise
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    heap.push(entry)
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1
      if (!isBefore(heap[at]!, heap[parent]!)) break
      ;[heap[at], heap[parent]] = [heap[parent]!, heap[at]!]
      at = parent
    }
  }

  #pop(): Entry | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    heap[0] = last
    for (let at = 0; ;) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child
      if (least === at) return first
      ;[heap[at], heap[least]] = [heap[least]!, heap[at]!]
      at = least
    }
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order)
}
