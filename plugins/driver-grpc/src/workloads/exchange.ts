import type { ByteCount, Slot } from '@cloudbench/core'
import type { Judge } from '../outcomes.ts'
import type { CallListener, Lane, LaneCall } from '../client/lane.ts'
import { encodeFor, type Sendable } from '../payload/sendable.ts'
import { status } from '../wire/status.ts'

/** What all exchanges of a connection have in common. */
export interface ExchangeOwner {
  readonly lane: Lane
  readonly judge: Judge
  readonly bytes: ByteCount
  /** Sent in turns. */
  readonly sendables: readonly Sendable[]
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
  readonly #sendables: readonly Sendable[]
  readonly #values: string[] = []
  #slot: Slot | undefined
  #turn = 0
  #received = 0
  #isAccepted = true

  constructor(owner: ExchangeOwner) {
    this.#owner = owner
    this.#judge = owner.judge
    this.#bytes = owner.bytes
    this.#sendables = owner.sendables
    this.#call = owner.lane.createCall(this)
  }

  issue(slot: Slot): void {
    this.#slot = slot
    this.#received = 0
    this.#isAccepted = true
    this.#turn = slot.index % this.#sendables.length
    const message = encodeFor(this.#sendables[this.#turn]!, slot, this.#values)
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
    if (this.#judge.verifies) this.#isAccepted = this.#judge.accepts(message, this.#turn, this.#values)
  }

  onEnd(code: number): void {
    const slot = this.#slot!
    this.#slot = undefined
    // an answer that says that all is well, and is not there, breaks the protocol
    const end = code === status.ok && this.#received !== 1 ? status.internal : code
    this.#owner.answered(this)
    slot.done(this.#judge.end(end, this.#received, this.#isAccepted))
  }

  onLost(error: Error): void {
    const slot = this.#slot
    this.#slot = undefined
    this.#owner.lost()
    slot?.fail(error)
  }
}
