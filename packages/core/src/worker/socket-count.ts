import type { Clock } from '../load/clock.ts'
import type { Sockets } from '../plugin/driver.ts'

/** Counts the connections of a flow to its target: how many were opened, and for how long they were open. */
export class SocketCount implements Sockets {
  readonly #clock: Clock
  #open = 0
  #opened = 0
  #openMs = 0
  #changedMs: number

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

  /** The time until now belongs to no phase: connections that were opened before the load are not yet in use. */
  begin(): void {
    this.#integrate()
    this.#openMs = 0
  }

  #integrate(): void {
    const nowMs = this.#clock.now()
    this.#openMs += this.#open * (nowMs - this.#changedMs)
    this.#changedMs = nowMs
  }
}
