import type { ByteCount, Counter, Slot } from '@cloudbench/core'
import type { CallListener, LaneCall } from '../lanes/lane.ts'
import type { Outcomes } from '../outcomes.ts'
import { encodeFor, type Sendable } from '../payload/sendable.ts'
import { status } from '../wire/status.ts'
import { brokenBy, type Exchange, type ExchangeOwner } from './exchange.ts'

export interface StreamOwner extends ExchangeOwner {
  /** How many messages are sent in one call. */
  readonly messages: number
  /** Whether each message waits for the answer to the previous one. */
  readonly lockstep: boolean
  readonly answersAreStream: boolean
  /** Whether every message gets an answer of its own. */
  readonly answersInTurns: boolean
  readonly sent: Counter
  readonly received: Counter
}

/** A stream of messages out, back, or both. The request is the whole call. */
export class StreamExchange implements Exchange, CallListener {
  readonly #owner: StreamOwner
  readonly #outcomes: Outcomes
  readonly #bytes: ByteCount
  readonly #call: LaneCall
  readonly #sendables: readonly Sendable[]
  /** Generated texts by message, kept when answers are checked against them. */
  readonly #values: string[][] = []
  readonly #keepsValues: boolean
  #slot: Slot | undefined
  #sent = 0
  #received = 0
  #isAccepted = true

  constructor(owner: StreamOwner) {
    this.#owner = owner
    this.#outcomes = owner.outcomes
    this.#bytes = owner.bytes
    this.#sendables = owner.sendables
    this.#keepsValues = owner.outcomes.verifies
    this.#call = owner.lane.createCall(this)
  }

  issue(slot: Slot): void {
    this.#slot = slot
    this.#sent = 0
    this.#received = 0
    this.#isAccepted = true
    const { messages } = this.#owner
    if (messages === 0) this.#call.start(slot, undefined, true)
    else this.#call.start(slot, this.#nextMessage(slot), messages === 1)
  }

  onRoom(): void {
    const slot = this.#slot
    if (slot && !this.#owner.lockstep) this.#sendNext(slot)
  }

  onMessage(bytes: number, message: Buffer | undefined): void {
    const owner = this.#owner
    this.#bytes.received += bytes
    if (message !== undefined && this.#outcomes.verifies) {
      const at = owner.answersInTurns ? Math.min(this.#received, this.#sent - 1) : 0
      const isAccepted = this.#outcomes.accepts(message, at % this.#sendables.length, this.#values[at] ?? [])
      this.#isAccepted &&= isAccepted
    }
    this.#received++
    const slot = this.#slot
    if (slot && owner.lockstep && this.#sent < owner.messages) this.#sendNext(slot)
  }

  onEnd(code: number, details: string): void {
    const slot = this.#slot!
    this.#slot = undefined
    this.#count()
    const isMissing = !this.#owner.answersAreStream && this.#received !== 1
    const end = code === status.ok && isMissing ? status.internal : code
    if (end !== code) details = brokenBy(this.#received)
    this.#owner.answered(this)
    slot.done(this.#outcomes.end(end, this.#received, this.#isAccepted, details))
  }

  onLost(error: Error, hasLeft: boolean): void {
    const slot = this.#slot
    this.#slot = undefined
    this.#count()
    this.#owner.lost(error)
    if (hasLeft) slot?.fail(error)
    else slot?.unsent(error)
  }

  #sendNext(slot: Slot): void {
    const message = this.#nextMessage(slot)
    this.#call.send(message, this.#sent === this.#owner.messages)
  }

  #nextMessage(slot: Slot): Buffer {
    const values = (this.#values[this.#keepsValues ? this.#sent : 0] ??= [])
    const message = encodeFor(this.#sendables[this.#sent % this.#sendables.length]!, slot, values)
    this.#bytes.sent += message.length
    this.#sent++
    return message
  }

  #count(): void {
    this.#owner.sent.add(this.#sent)
    this.#owner.received.add(this.#received)
  }
}
