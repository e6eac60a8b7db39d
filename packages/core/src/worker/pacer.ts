import type { Clock } from '../load/clock.ts'
import type { Dispatch } from '../plugin/model.ts'
import { tickPacer } from './tick-pacer.ts'

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
      return tickPacer(wake)
    case 'hybrid':
      return hybridPacer(clock, wake, tickPacer)
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

/** A thread is woken, and the event loop by it, within this time in all but a few cases. */
const stretchMs = 0.2

/** Sleeps until shortly before something is due, and looks at the clock in every turn of the event loop from then on. */
export function hybridPacer(clock: Clock, wake: () => void, sleeper: (wake: () => void) => Pacer): Pacer {
  let armedMs = Infinity
  const spin = spinPacer(clock, () => {
    armedMs = Infinity
    wake()
  })
  // what it was armed for may have moved in the meantime: then it spins for longer, and not past it
  const sleep = sleeper(() => spin.arm(armedMs))
  return {
    arm(atMs) {
      if (atMs === armedMs) return
      armedMs = atMs
      const isNear = atMs - clock.now() <= stretchMs
      spin.arm(isNear ? atMs : Infinity)
      sleep.arm(isNear ? Infinity : atMs - stretchMs)
    },
    close() {
      spin.close()
      sleep.close()
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
