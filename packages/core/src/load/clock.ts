/** Time as the load sees it. Injected, so that tests can run in virtual time. */
export interface Clock {
  /** Milliseconds on a monotonic scale. */
  now(): number
  /** Calls back at a time or as soon after it as possible. Returns a function that cancels it. */
  at(timeMs: number, callback: () => void): () => void
  /** Calls back after whatever input is waiting has been handled. */
  soon(callback: () => void): void
}

/** The process's monotonic clock. A step of the wall clock does not move it. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  at: (timeMs, callback) => timerAt(() => performance.now(), timeMs, callback),
  soon: (callback) => void setImmediate(callback),
}

/** Node fires a longer one at once. */
const longestTimerMs = 2 ** 31 - 1

/** Calls back at a time, however far away it is, and never before. `keepsAlive`: whether the process waits for it. */
export function timerAt(
  now: () => number,
  timeMs: number,
  callback: () => void,
  keepsAlive = true,
): () => void {
  let timer: NodeJS.Timeout
  const arm = (): void => {
    timer = setTimeout(look, Math.min(Math.max(0, timeMs - now()), longestTimerMs))
    if (!keepsAlive) timer.unref()
  }
  // Node counts whole milliseconds, and fires by up to one of them too early
  const look = (): void => {
    if (now() < timeMs) arm()
    else callback()
  }
  arm()
  return () => clearTimeout(timer)
}

/** The machine's monotonic clock, the same in every process and thread, in milliseconds. */
export function machineNowMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

/** What to add to `performance.now()` of this thread to get the machine's clock. Constant: both tick alike. */
export function machineOffsetMs(): number {
  // the smallest of a few differences: a pause between the two reads can only make one larger
  let offset = Infinity
  for (let round = 0; round < 16; round++) {
    const before = performance.now()
    offset = Math.min(offset, machineNowMs() - before)
  }
  return offset
}
