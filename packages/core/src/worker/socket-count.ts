import type { Clock } from '../load/clock.ts'
import type { Sockets } from '../plugin/driver.ts'

/** Counts the connections of a flow to its target: how many were opened, and for how long they were open. */
export class SocketCount implements Sockets {
  readonly #clock: Clock
  #open = 0
  #opened = 0
  #openMs = 0
  #changedMs: number
  /** Connections are opened before there is a phase to use them. */
  #fromMs = Infinity
  #untilMs = Infinity

  constructor(clock: Clock) {
    this.#clock = clock
    this.#changedMs = clock.now()
  }

  opened(): void {
    this.#integrate()
    this.#open++
    this.#opened++
  }

  closed(): void {
    this.#integrate()
    this.#open = Math.max(0, this.#open - 1)
  }

  /** What happened since the last call. `openMs` is the time integral of open connections. */
  drain(): { readonly opened: number; readonly openMs: number } {
    this.#integrate()
    const drained = { opened: this.#opened, openMs: this.#openMs }
    this.#opened = this.#openMs = 0
    return drained
  }

  /** Only time between these two counts: before them connections are not yet in use, and after them no longer. */
  during(fromMs: number, untilMs: number): void {
    this.#integrate()
    this.#fromMs = fromMs
    this.#untilMs = untilMs
  }

  #integrate(): void {
    const nowMs = this.#clock.now()
    const countedMs = Math.min(nowMs, this.#untilMs) - Math.max(this.#changedMs, this.#fromMs)
    if (countedMs > 0) this.#openMs += this.#open * countedMs
    this.#changedMs = nowMs
  }
}
