import type { Slot } from '@cloudbench/core'
import type { Exchange } from './exchange.ts'
import { safeMethods, type RequestWriter } from './request.ts'

/** The requests of a connection that are not answered yet, in the order in which their answers come. */
export class InFlight<Writer extends RequestWriter> {
  readonly #ring: readonly Exchange<Writer>[]
  #first = 0
  count = 0

  /** @param ring As many as there may be at once. */
  constructor(ring: readonly Exchange<Writer>[]) {
    this.#ring = ring
  }

  /** The one whose answer comes next. */
  get first(): Exchange<Writer> {
    return this.#ring[this.#first]!
  }

  at(place: number): Exchange<Writer> {
    const at = this.#first + place
    return this.#ring[at < this.#ring.length ? at : at - this.#ring.length]!
  }

  /** Composes the next request, and puts it behind all others. */
  begin(slot: Slot): Exchange<Writer> {
    const exchange = this.at(this.count)
    exchange.begin(slot)
    this.count++
    return exchange
  }

  /** Frees the place of the first one. */
  end(): void {
    this.first.slot = undefined
    this.#first = this.#first + 1 < this.#ring.length ? this.#first + 1 : 0
    this.count--
  }

  /** Whether all that have left may leave once more. */
  get mayLeaveAgain(): boolean {
    for (let place = 0; place < this.count; place++) {
      const { departures, frame } = this.at(place)
      if (departures > 1 || (departures === 1 && !safeMethods.has(frame.method))) return false
    }
    return true
  }

  /** Takes all of them out, and fails them: those that never left are given back. */
  failAll(failure: Error): void {
    const ends: (() => void)[] = []
    while (this.count > 0) {
      const { slot, departures } = this.first
      ends.push(() => (departures === 0 ? slot!.unsent(failure) : slot!.fail(failure)))
      this.end()
    }
    for (const end of ends) end()
  }
}
