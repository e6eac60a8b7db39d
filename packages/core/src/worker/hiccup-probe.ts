import type { Clock } from '../load/clock.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'
import type { Pacer } from './pacer.ts'

/** Often enough for a p99.9 of a few seconds, and seldom enough to cost less than 1 % of a core. */
export const hiccupPeriodMs = 5

/**
 * Measures for how long the load thread cannot run when it should: it asks to be woken every 5 ms, and records how late that
 * was. What would have been asked for while it was held up counts too, so that the distribution is weighted by time: its
 * p99 is what the unluckiest hundredth of arrivals at random moments would have waited.
 *
 * `monitorEventLoopDelay` of Node leaves these out, and takes a pause of 50 ms in 200 for a p99 of 1 to 5 ms.
 */
export class HiccupProbe {
  readonly recorder: HistogramRecorder = new HistogramRecorder()
  readonly #clock: Pick<Clock, 'now'>
  readonly #pacer: Pacer
  #dueMs: number

  constructor(clock: Pick<Clock, 'now'>, pacerOf: (wake: () => void) => Pacer) {
    this.#clock = clock
    this.#pacer = pacerOf(() => this.#wake())
    this.#dueMs = clock.now() + hiccupPeriodMs
    this.#pacer.arm(this.#dueMs)
  }

  close(): void {
    this.#pacer.close()
  }

  #wake(): void {
    const nowMs = this.#clock.now()
    for (; this.#dueMs <= nowMs; this.#dueMs += hiccupPeriodMs)
      this.recorder.record((nowMs - this.#dueMs) * 1e6)
    this.#pacer.arm(this.#dueMs)
  }
}
