import { workerData } from 'node:worker_threads'
import { machineNowMs } from '../load/clock.ts'
import { cell, tickMs } from './tick-pacer.ts'

// the thread of the `tick` pacer: sleeps until the next arrival is due, then wakes the event loop.

const shared = workerData as SharedArrayBuffer
const cells = new Int32Array(shared, 0, 4)
const due = new Float64Array(shared, 16, 1)
/** Never notified: waiting on it is a plain sleep. */
const never = new Int32Array(new SharedArrayBuffer(4))

/** Not worth a sleep. */
const momentMs = 0.005
/** What lets a system sleep longer than asked for is no more than this. Anything above is other work on its cores. */
const mostSlackMs = 0.1
/** How much of the difference each sleep teaches. */
const learning = 1 / 16

/** How late the system ends a sleep: on Linux, 50 µs. */
let slackMs = 0
/** The wake before this one was for this time. */
let lastMs = -Infinity
/** What it was armed for when it last woke the event loop, which is then over. */
let served = 0

/** Sleeps until a time, and learns how late that was. Something may end it earlier: a change of `value[at]`. */
function sleepUntil(timeMs: number, value: Int32Array, at: number, seen: number): void {
  const waitMs = timeMs - machineNowMs() - slackMs
  // too short for a sleep: the caller looks again at once
  if (waitMs <= momentMs) return
  if (Atomics.wait(value, at, seen, waitMs) !== 'timed-out') return
  const lateMs = slackMs + machineNowMs() - timeMs
  slackMs += (Math.min(lateMs, mostSlackMs) - slackMs) * learning
}

while (Atomics.load(cells, cell.closed) === 0) {
  // read before the time is: whatever is armed from here on ends the sleep at once
  const armed = Atomics.load(cells, cell.changed)
  // first announce the sleep, then look: the other side first writes, then checks for the sleep
  Atomics.store(cells, cell.sleeping, 1)
  const dueMs = armed === served ? Infinity : due[0]!
  if (dueMs - machineNowMs() > momentMs) {
    sleepUntil(dueMs, cells, cell.changed, armed)
    Atomics.store(cells, cell.sleeping, 0)
    continue
  }
  Atomics.store(cells, cell.sleeping, 0)
  served = armed
  if (Atomics.compareExchange(cells, cell.woken, 0, 1) === 0) Atomics.notify(cells, cell.woken)
  // what comes due in the meantime waits for the next tick; ticks do not drift, but they do not catch up either
  lastMs = Math.max(dueMs, lastMs + tickMs, machineNowMs() - tickMs)
  sleepUntil(lastMs + tickMs, never, 0, 0)
}
