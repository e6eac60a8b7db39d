import type { ByteCount, Slot } from '@cloudbench/core'
import type { Judge } from './judge.ts'
import type { CallListener, Lane, LaneCall } from './lane.ts'
import { encodeFor, type Sendable } from './plan.ts'
import { status } from './status.ts'

/** What all exchanges of a connection have in common. */
export interface ExchangeOwner {
  readonly lane: Lane
  readonly judge: Judge
  readonly bytes: ByteCount
  /** The call has ended; the exchange may be used again. */
  answered(exchange: Exchange): void
  /** The connection is dead; nothing is sent on it any more. */
  lost(): void
}

/** A call and its answer. Made once, and used for one call after another. */
export interface Exchange {
  issue(slot: Slot): void
}

/** One message there, one message back. */
export class UnaryExchange implements Exchange, CallListener {
  readonly #owner: ExchangeOwner
  readonly #judge: Judge
  readonly #bytes: ByteCount
  readonly #call: LaneCall
  readonly #sendable: Sendable
  readonly #values: string[] = []
  #slot: Slot | undefined
  #received = 0
  #accepted = true

  constructor(owner: ExchangeOwner, sendable: Sendable) {
    this.#owner = owner
    this.#judge = owner.judge
    this.#bytes = owner.bytes
    this.#sendable = sendable
    this.#call = owner.lane.createCall(this)
  }

  issue(slot: Slot): void {
    this.#slot = slot
    this.#received = 0
    this.#accepted = true
    const message = encodeFor(this.#sendable, slot, this.#values)
    this.#bytes.sent += message.length
    const call = this.#call
    call.start(slot)
    call.read()
    call.send(message, false)
    call.end()
  }

  onSent(): void {}

  onMessage(message: Buffer): void {
    this.#bytes.received += message.length
    this.#received++
    if (this.#judge.verifies) this.#accepted = this.#judge.accepts(message, this.#values)
  }

  onEnd(code: number): void {
    const slot = this.#slot!
    this.#slot = undefined
    // an answer that says it is all right and is not there breaks the protocol
    const end = code === status.ok && this.#received !== 1 ? status.internal : code
    this.#owner.answered(this)
    slot.done(this.#judge.end(end, this.#received, this.#accepted))
  }

  onLost(error: Error): void {
    const slot = this.#slot
    this.#slot = undefined
    this.#owner.lost()
    slot?.fail(error)
  }
}
