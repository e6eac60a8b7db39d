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
