import type { SignalSource } from '@cloudbench/environment-kit'

/** The wall clock, in whole milliseconds, and the monotonic one. */
export interface Clocks {
  wallMs(): number
  monotonicMs(): number
}

/** The wall clock shows whole milliseconds, so a drift is known to within 1 ms over the time that was watched. */
const leastWatchedMs = 20_000

/** From here on, a difference between two samples is a step; a drift that is called suspect does not reach it in a minute. */
const leastStepMs = 10
const driftThatIsNoStep = 500e-6

/**
 * How the wall clock runs against the monotonic one. Linux steers both alike, so that there only steps are seen, and the time
 * in which a guest was stopped.
 */
export function wallClock(clocks: Clocks = systemClocks): SignalSource {
  const first = look(clocks)
  let last = first
  let steppedMs = 0
  // of steps, with their sign: no part of the drift
  let offsetMs = 0
  return {
    signals: { 'clock.driftPpm': 'gauge', 'clock.steppedMs': 'counter' },
    async read() {
      const now = look(clocks)
      const differenceMs = now.wallMs - last.wallMs - (now.monotonicMs - last.monotonicMs)
      const toleranceMs = leastStepMs + driftThatIsNoStep * (now.monotonicMs - last.monotonicMs)
      last = now
      if (Math.abs(differenceMs) > toleranceMs) {
        steppedMs += Math.abs(differenceMs)
        offsetMs += differenceMs
      }
      const watchedMs = now.monotonicMs - first.monotonicMs
      const aheadMs = now.wallMs - first.wallMs - watchedMs - offsetMs
      return {
        'clock.driftPpm': watchedMs < leastWatchedMs ? undefined : (aheadMs / watchedMs) * 1e6,
        'clock.steppedMs': steppedMs,
      }
    },
  }
}

const systemClocks: Clocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

interface Look {
  readonly wallMs: number
  readonly monotonicMs: number
}

/** Both at once: of three tries the one in which the least time passed between the two, for this thread may have to wait. */
function look({ wallMs, monotonicMs }: Clocks): Look {
  let best: (Look & { readonly gapMs: number }) | undefined
  for (let tries = 0; tries < 3; tries++) {
    const before = monotonicMs()
    const wall = wallMs()
    const gapMs = monotonicMs() - before
    if (best === undefined || gapMs < best.gapMs)
      best = { wallMs: wall, monotonicMs: before + gapMs / 2, gapMs }
  }
  return best!
}
