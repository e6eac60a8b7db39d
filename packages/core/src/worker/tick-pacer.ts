import { Worker } from 'node:worker_threads'
import { machineOffsetMs } from '../load/clock.ts'
import type { Pacer } from './pacer.ts'

/** Indices into the memory that the load and its ticker thread share. */
export const cell = { woken: 0, sleeping: 1, changed: 2, closed: 3 } as const

/**
 * At most one wake in this time: below it, waking costs more than it gains. The ticker wakes on time, where a plain sleep
 * is late by 50 µs, so that requests are as late as with a tick of 100 µs and such sleeps.
 */
export const tickMs = 0.15

/** A thread sleeps in `Atomics.wait`, which knows fractions of a millisecond, and wakes the event loop. */
export function tickPacer(wake: () => void): Pacer {
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
      if (atMs === armedMs) return
      const earlier = atMs < armedMs
      armedMs = atMs
      due[0] = atMs + offsetMs
      // counted each time, and before the look at the sleep: a processor may put off a plain write until after that look, and the
      // thread would go to sleep on what was due before
      Atomics.add(cells, cell.changed, 1)
      // a thread that sleeps for longer than a tick has to be woken; otherwise it looks on its own
      if (earlier && Atomics.load(cells, cell.sleeping) === 1) Atomics.notify(cells, cell.changed)
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
