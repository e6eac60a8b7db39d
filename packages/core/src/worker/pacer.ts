import { Worker } from 'node:worker_threads'
import type { Clock } from '../load/clock.ts'
import { machineOffsetMs } from '../load/clock.ts'
import type { Dispatch } from '../plugin/model.ts'

/** Calls `wake` at, or as soon as it can after, the time it was last armed for. */
export interface Pacer {
  /** Replaces the time of the next wake; Infinity disarms. On the clock of the load. */
  arm(atMs: number): void
  close(): void
}

export function createPacer(dispatch: Dispatch, clock: Clock, wake: () => void): Pacer {
  switch (dispatch) {
    case 'spin':
      return spinPacer(clock, wake)
    case 'timer':
      return timerPacer(clock, wake)
    case 'tick':
      return tickPacer(clock, wake)
  }
}

/** Looks at the clock in every turn of the event loop: precise, and burns a core. */
function spinPacer(clock: Clock, wake: () => void): Pacer {
  let atMs = Infinity
  let turning = false
  const turn = (): void => {
    turning = false
    if (atMs === Infinity) return
    if (clock.now() >= atMs) {
      atMs = Infinity
      wake()
    }
    if (atMs !== Infinity) go()
  }
  const go = (): void => {
    if (turning) return
    turning = true
    clock.soon(turn)
  }
  return {
    arm(next) {
      atMs = next
      if (next !== Infinity) go()
    },
    close() {
      atMs = Infinity
    },
  }
}

/** The event loop's timers: costs nothing, and is late by up to a millisecond or two. */
export function timerPacer(clock: Clock, wake: () => void): Pacer {
  let armedMs = Infinity
  let cancel = (): void => {}
  return {
    arm(atMs) {
      if (atMs === armedMs) return
      cancel()
      armedMs = atMs
      if (atMs === Infinity) return
      cancel = clock.at(atMs, () => {
        armedMs = Infinity
        wake()
      })
    },
    close() {
      cancel()
    },
  }
}

/** Indices into the memory that the load and its ticker thread share. */
export const cell = { woken: 0, sleeping: 1, changed: 2, closed: 3 } as const

/** At most one wake in this time: below it, waking costs more than it gains. */
export const tickMs = 0.1

/** A thread sleeps in `Atomics.wait`, which knows fractions of a millisecond, and wakes the event loop. */
function tickPacer(clock: Clock, wake: () => void): Pacer {
  const shared = new SharedArrayBuffer(24)
  const cells = new Int32Array(shared, 0, 4)
  const due = new Float64Array(shared, 16, 1)
  due[0] = Infinity
  const offsetMs = machineOffsetMs()
  const thread = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? 'ticker.ts' : 'ticker.js', import.meta.url),
    {
      workerData: shared,
      execArgv: [],
    },
  )
  thread.unref()
  // without its thread the load would wait forever: better to crash than to hang
  thread.on('error', (error) => {
    throw error
  })
  let armedMs = Infinity
  let closed = false

  const listen = (): void => {
    const waiting = Atomics.waitAsync(cells, cell.woken, 0)
    if (waiting.async) void waiting.value.then(ring)
    else setImmediate(ring)
  }
  const ring = (): void => {
    if (closed) return
    Atomics.store(cells, cell.woken, 0)
    armedMs = Infinity
    wake()
    listen()
  }
  listen()

  return {
    arm(atMs) {
      const earlier = atMs < armedMs
      armedMs = atMs
      due[0] = atMs + offsetMs
      // a thread that sleeps for longer than a tick has to be woken; otherwise it looks on its own
      if (earlier && Atomics.load(cells, cell.sleeping) === 1) {
        Atomics.add(cells, cell.changed, 1)
        Atomics.notify(cells, cell.changed)
      }
    },
    close() {
      closed = true
      Atomics.store(cells, cell.closed, 1)
      Atomics.add(cells, cell.changed, 1)
      Atomics.notify(cells, cell.changed)
      Atomics.notify(cells, cell.woken)
    },
  }
}
