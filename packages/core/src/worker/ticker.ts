import { workerData } from 'node:worker_threads'
import { machineNowMs } from '../load/clock.ts'
import { cell, tickMs } from './pacer.ts'

// the thread of the `tick` pacer: sleeps until the next arrival is due, then wakes the event loop.

const shared = workerData as SharedArrayBuffer
const cells = new Int32Array(shared, 0, 4)
const due = new Float64Array(shared, 16, 1)
/** Never notified: waiting on it is a plain sleep. */
const never = new Int32Array(new SharedArrayBuffer(4))

while (Atomics.load(cells, cell.closed) === 0) {
  const seen = Atomics.load(cells, cell.changed)
  // first announce the sleep, then look: the other side first writes, then checks for the sleep
  Atomics.store(cells, cell.sleeping, 1)
  const waitMs = due[0]! - machineNowMs()
  if (waitMs > 0.005) {
    if (waitMs > tickMs) Atomics.wait(cells, cell.changed, seen, waitMs)
    else Atomics.wait(never, 0, 0, waitMs)
    Atomics.store(cells, cell.sleeping, 0)
    continue
  }
  Atomics.store(cells, cell.sleeping, 0)
  due[0] = Infinity
  if (Atomics.compareExchange(cells, cell.woken, 0, 1) === 0) Atomics.notify(cells, cell.woken)
  Atomics.wait(never, 0, 0, tickMs)
}
