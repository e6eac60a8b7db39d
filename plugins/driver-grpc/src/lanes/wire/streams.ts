import type { WireCall } from './wire-call.ts'

const lastId = 0x7fff_ffff

/**
 * The open streams of a connection, in a ring that their ids point into. It has twice as many places as there can be
 * calls; an id whose place is taken by a call that lasts is left out.
 */
export class Streams {
  readonly #ring: (WireCall | undefined)[]
  readonly #mask: number
  #nextId: number
  count = 0

  constructor(calls: number, firstId = 1) {
    this.#nextId = firstId
    const places = 2 ** Math.ceil(Math.log2(calls * 2))
    this.#ring = Array.from({ length: places })
    this.#mask = places - 1
  }

  /** There is no place for another one. */
  get isFull(): boolean {
    return this.count * 2 >= this.#ring.length
  }

  /** Ids are used up, so that nothing can be opened on this connection any more. */
  get isUsedUp(): boolean {
    return this.#nextId + 2 * this.#ring.length > lastId
  }

  /** Whether a stream has ever been opened. */
  knows(id: number): boolean {
    return id < this.#nextId && id % 2 === 1
  }

  find(id: number): WireCall | undefined {
    const call = this.#ring[(id >>> 1) & this.#mask]
    return call?.stream === id ? call : undefined
  }

  /** @returns The id of a new stream. */
  open(call: WireCall): number {
    let place = (this.#nextId >>> 1) & this.#mask
    while (this.#ring[place] !== undefined) {
      this.#nextId += 2
      place = (place + 1) & this.#mask
    }
    const id = this.#nextId
    this.#nextId += 2
    this.#ring[place] = call
    this.count++
    return id
  }

  close(id: number): void {
    this.#ring[(id >>> 1) & this.#mask] = undefined
    this.count--
  }

  /** A copy: calls may end while it is read. */
  all(): WireCall[] {
    return this.#ring.filter((call) => call !== undefined)
  }
}
