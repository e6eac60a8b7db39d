import { readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { workerData } from 'node:worker_threads'
import { cellsOf, command } from './cells.ts'

/** Some 3 ms each. More would not be steadier: what varies is the pace of the CPU, and CPU time is exact. */
const runs = 3
const steps = 1_000_000

const { commands, result } = cellsOf(workerData as SharedArrayBuffer)
const pause = new Int32Array(new SharedArrayBuffer(4))

/** Xorshift32, which needs nothing but a CPU. */
function work(): number {
  let x = 1
  for (let step = 0; step < steps; step++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
  }
  return x
}

/** CPU time of this thread. The kernel brings it up to date when the thread goes to sleep; before, it is late by up to a tick. */
function cpuNs(): number {
  Atomics.wait(pause, 0, 0, 1)
  return schedstatNs() || usageNs()
}

/** 0 where the kernel does not count it. */
function schedstatNs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0])
  } catch {
    // not Linux.
    return 0
  }
}

/** Where Node.js does not tell either, before version 23.9, there is no canary. */
function usageNs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) * 1000
}

function shortestNs(): number {
  let shortest = Infinity
  for (let run = 0; run < runs; run++) {
    const before = cpuNs()
    work()
    shortest = Math.min(shortest, cpuNs() - before)
  }
  return shortest
}

try {
  // 0 is this thread on Linux; elsewhere it is the whole process.
  if (process.platform === 'linux') setPriority(0, 19)
} catch {
  // a sandbox may forbid it. The work is short.
}
for (let isCompiled = false; ; isCompiled = true) {
  Atomics.wait(commands, 0, command.sleep)
  if (!isCompiled) work()
  result[0] = shortestNs()
  Atomics.store(commands, 0, command.sleep)
}
