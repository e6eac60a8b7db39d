import type { ByteCount, Slot } from '@cloudbench/core'
import type { CallListener, LaneCall } from '../lanes/lane.ts'
import type { Outcomes } from '../outcomes.ts'
import { encodeFor, type Sendable } from '../payload/sendable.ts'
import { status } from '../wire/status.ts'
import { brokenBy, type Exchange, type ExchangeOwner } from './exchange.ts'

/** One message out, one message back. */
export class UnaryExchange implements Exchange, CallListener {
  readonly #owner: ExchangeOwner
  readonly #outcomes: Outcomes
  readonly #bytes: ByteCount
  readonly #call: LaneCall
  readonly #sendables: readonly Sendable[]
  readonly #values: string[] = []
  #slot: Slot | undefined
  #turn = 0
  #received = 0
  /** Kept only to be verified. */
  #message: Buffer | undefined

  constructor(owner: ExchangeOwner) {
    this.#owner = owner
    this.#outcomes = owner.outcomes
    this.#bytes = owner.bytes
    this.#sendables = owner.sendables
    this.#call = owner.lane.createCall(this)
  }

  issue(slot: Slot): void {
    this.#slot = slot
    this.#received = 0
    this.#message = undefined
    this.#turn = slot.index % this.#sendables.length
    const message = encodeFor(this.#sendables[this.#turn]!, slot, this.#values)
    this.#bytes.sent += message.length
    this.#call.start(slot, message, true)
  }

  onRoom(): void {}

  onMessage(bytes: number, message: Buffer | undefined): void {
    this.#bytes.received += bytes
    this.#received++
    this.#message = message
  }

  onEnd(code: number, details: string): void {
    const slot = this.#slot!
    this.#slot = undefined
    const isAccepted =
      this.#message === undefined || !this.#outcomes.verifies || this.#verify(slot, this.#message)
    // OK without exactly one message breaks the protocol
    const end = code === status.ok && this.#received !== 1 ? status.internal : code
    if (end !== code) details = brokenBy(this.#received)
    this.#owner.answered(this)
    slot.done(this.#outcomes.end(end, this.#received, isAccepted, details))
  }

  #verify(slot: Slot, message: Buffer): boolean {
    slot.answered()
    return this.#outcomes.accepts(message, this.#turn, this.#values)
  }

  onLost(error: Error, hasLeft: boolean): void {
    const slot = this.#slot
    this.#slot = undefined
    this.#owner.lost(error)
    if (hasLeft) slot?.fail(error)
    else slot?.unsent(error)
  }
}
