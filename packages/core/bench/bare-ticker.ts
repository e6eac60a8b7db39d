/**
 * What pacing costs without a host: a thread that sleeps in `Atomics.wait` and wakes an event loop every 100 µs, which
 * then counts what is due. Prints the 99th percentile of lag in microseconds, and cores.
 *   node bench/bare-ticker.ts 10000 2
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const [rate = 10_000, seconds = 2] = process.argv.slice(2).map(Number)
const warmupSeconds = 1
const tickMs = Math.max(0.1, 1000 / rate)
/** Whether the loop has been woken and not looked yet; whether all is over. */
const cells = new Int32Array(isMainThread ? new SharedArrayBuffer(8) : (workerData as SharedArrayBuffer))

if (isMainThread) await drain()
else beat()

function beat(): void {
  const never = new Int32Array(new SharedArrayBuffer(4))
  let nextMs = performance.now()
  while (Atomics.load(cells, 1) === 0) {
    const waitMs = nextMs - performance.now()
    if (waitMs > 0.005) Atomics.wait(never, 0, 0, waitMs)
    nextMs = Math.max(nextMs + tickMs, performance.now() - 50)
    if (Atomics.compareExchange(cells, 0, 0, 1) === 0) Atomics.notify(cells, 0)
  }
}

async function drain(): Promise<void> {
  const lagMs = new Float64Array(rate * (warmupSeconds + seconds))
  const warmup = rate * warmupSeconds
  const thread = new Worker(new URL(import.meta.url), {
    argv: process.argv.slice(2),
    workerData: cells.buffer,
  })
  await new Promise((resolve) => thread.once('online', resolve))
  const startMs = performance.now() + 100
  let before = process.cpuUsage()
  for (let at = 0; at < lagMs.length;) {
    const waiting = Atomics.waitAsync(cells, 0, 0)
    if (waiting.async) await waiting.value
    Atomics.store(cells, 0, 0)
    for (let nowMs = performance.now(); at < lagMs.length; nowMs = performance.now()) {
      const dueMs = startMs + (at * 1000) / rate
      if (dueMs > nowMs) break
      if (at === warmup) before = process.cpuUsage()
      lagMs[at++] = nowMs - dueMs
    }
  }
  const { user, system } = process.cpuUsage(before)
  Atomics.store(cells, 1, 1)
  const sorted = lagMs.subarray(warmup).toSorted()
  const p99Us = sorted[Math.floor(sorted.length * 0.99)]! * 1000
  console.log(
    JSON.stringify({
      p99Us,
      p50Us: sorted[sorted.length >> 1]! * 1000,
      cores: (user + system) / 1e6 / seconds,
    }),
  )
}
