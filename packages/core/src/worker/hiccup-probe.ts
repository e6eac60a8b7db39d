import type { Clock } from '../load/clock.ts'
import { uniform } from '../load/random.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'

/** The mean time between two looks: enough for a p99 of a few seconds, for less than 1 % of a core. */
const hiccupPeriodMs = 20
/** A sleep takes up to this much less or more, so that looks do not fall into step with what they look for. */
const jitterMs = 10

/** Calls back after whole milliseconds. Returns a function that cancels it. */
export type Sleep = (durationMs: number, callback: () => void) => () => void

/** The timers of the event loop, which are late by up to a millisecond where the loop is busy. */
export function timerSleep(durationMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, durationMs)
  return () => clearTimeout(timer)
}

/**
 * Measures for how long the load thread cannot run when it should: it sleeps for some 20 ms, and records how late it wakes.
 * The wakes that would have followed in the meantime count too, so that the distribution is weighted by time: its p99 is what
 * the unluckiest hundredth of arrivals at random moments would have waited.
 *
 * `monitorEventLoopDelay` of Node leaves these out, and takes a pause of 50 ms in 200 for a p99 of 1 to 5 ms.
 */
export class HiccupProbe {
  readonly #recorder = new HistogramRecorder()
  readonly #clock: Pick<Clock, 'now'>
  readonly #sleep: Sleep
  #cancel: (() => void) | undefined
  #dueMs = 0
  #draws = 0

  constructor(clock: Pick<Clock, 'now'>, sleep: Sleep) {
    this.#clock = clock
    this.#sleep = sleep
  }

  start(): void {
    this.stop()
    const durationMs = this.#nextMs()
    this.#dueMs = this.#clock.now() + durationMs
    this.#cancel = this.#sleep(durationMs, () => this.#wake())
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  /** Also what a pause took that is over, though the probe was not woken yet: a phase may end before it is. */
  drain(): ReturnType<HistogramRecorder['drain']> {
    if (this.#cancel !== undefined && this.#clock.now() > this.#dueMs) this.#wake()
    return this.#recorder.drain()
  }

  #wake(): void {
    const nowMs = this.#clock.now()
    // timers count whole milliseconds, and may be early by a part of one
    for (let atMs = Math.min(this.#dueMs, nowMs); atMs <= nowMs; atMs += this.#nextMs())
      this.#recorder.record((nowMs - atMs) * 1e6)
    this.start()
  }

  #nextMs(): number {
    return hiccupPeriodMs - jitterMs + Math.round(2 * jitterMs * uniform(0, this.#draws++, 0))
  }
}
