import type { MessageListener } from '../lanes/message.ts'
import { codes } from './codes.ts'
import { boolean, described, uint } from './encode.ts'
import type { Fields } from './fields.ts'
import { frameOf, headBytes, types } from './frame.ts'
import { malformed } from './malformed.ts'
import { MessageReader } from './message.ts'
import type { Output } from './output.ts'
import type { Session } from './session.ts'

/** A broker may send a message in any number of frames; this is how much of one is kept. */
const largestMessageBytes = 256 * 1_048_576
const absent = -1

const frameOfAcceptance = frameOf(
  types.amqp,
  described(codes.disposition, [
    // from the receiver
    boolean(true),
    uint(0),
    uint(0),
    // settled
    boolean(true),
    described(codes.accepted, []),
  ]),
)
const firstAt = headBytes + 3 + 3 + 1 + 1

/** One link on which messages arrive. */
export class Inlet {
  readonly index: number
  readonly handle: number
  /** How much credit it keeps up by itself; 0 for what it is given only. */
  readonly keptCredit: number
  credit = 0
  deliveryCount = 0
  consumed = 0
  /** The frames of a message that has arrived in part. */
  parts: Buffer[] | undefined
  partBytes = 0
  isSettled = false
  delivery = 0

  constructor(index: number, handle: number, keptCredit: number) {
    this.index = index
    this.handle = handle
    this.keptCredit = keptCredit
  }
}

/** The links on which messages arrive. Every message is accepted, once its listener has looked at it. */
export class Receiving {
  readonly #output: Output
  readonly #session: Session
  readonly #listener: MessageListener
  readonly #message = new MessageReader()
  /** The next delivery of the session. */
  #expected = absent
  /** Messages to accept, in one go. */
  #first = 0
  #last = absent

  constructor(output: Output, session: Session, listener: MessageListener) {
    this.#output = output
    this.#session = session
    this.#listener = listener
  }

  addCredit(inlet: Inlet, count: number): void {
    inlet.credit += count
    this.#session.writeFlow(inlet)
  }

  /** A frame has arrived, behind the handle of the link. */
  transfer(inlet: Inlet, fields: Fields, bytes: Buffer, end: number): void {
    this.#session.received()
    const delivery = fields.uint(absent)
    fields.skip()
    fields.skip()
    const isSettled = fields.boolean(false)
    const hasMore = fields.boolean(false)
    fields.skip()
    fields.skip()
    fields.skip()
    const isAborted = fields.boolean(false)
    const at = fields.end
    if (inlet.parts === undefined) {
      this.#begin(inlet, delivery)
      inlet.isSettled = isSettled
    } else if (delivery !== absent && delivery !== inlet.delivery)
      throw malformed(`a frame of delivery ${delivery}, when delivery ${inlet.delivery} is not complete`)
    // any frame of a message may say so
    else inlet.isSettled ||= isSettled
    if (isAborted) this.#forget(inlet)
    else if (hasMore) keep(inlet, bytes, at, end)
    else if (inlet.parts === undefined) this.#take(inlet, bytes, at, end)
    else this.#takeParts(inlet, bytes, at, end)
  }

  /** Accepts what was received since, and goes on giving credit. */
  flush(): void {
    if (this.#last === absent) return
    const at = this.#output.reserve(frameOfAcceptance.length)
    const { out } = this.#output
    out.set(frameOfAcceptance, at)
    out.writeUInt32BE(this.#first, at + firstAt)
    out.writeUInt32BE(this.#last, at + firstAt + 5)
    this.#last = absent
  }

  #begin(inlet: Inlet, delivery: number): void {
    if (delivery === absent) throw malformed('a message without a delivery number')
    if (this.#expected !== absent && delivery !== this.#expected)
      throw malformed(`delivery ${delivery}, when delivery ${this.#expected} comes next`)
    this.#expected = (delivery + 1) >>> 0
    inlet.delivery = delivery
  }

  #takeParts(inlet: Inlet, bytes: Buffer, at: number, end: number): void {
    keep(inlet, bytes, at, end)
    const whole = Buffer.concat(inlet.parts!, inlet.partBytes)
    inlet.parts = undefined
    inlet.partBytes = 0
    this.#take(inlet, whole, 0, whole.length)
  }

  #forget(inlet: Inlet): void {
    inlet.parts = undefined
    inlet.partBytes = 0
    this.#consume(inlet)
  }

  #take(inlet: Inlet, bytes: Buffer, at: number, end: number): void {
    this.#message.read(bytes, at, end)
    this.#consume(inlet)
    if (!inlet.isSettled) this.#accept(inlet.delivery)
    this.#listener.message(inlet.index, this.#message)
  }

  #consume(inlet: Inlet): void {
    inlet.credit--
    inlet.deliveryCount = (inlet.deliveryCount + 1) >>> 0
    if (inlet.keptCredit === 0 || ++inlet.consumed < inlet.keptCredit / 4) return
    // not for every message or two
    this.addCredit(inlet, inlet.consumed)
    inlet.consumed = 0
  }

  #accept(delivery: number): void {
    if (this.#last !== absent && delivery !== (this.#last + 1) >>> 0) this.flush()
    if (this.#last === absent) this.#first = delivery
    this.#last = delivery
  }
}

function keep(inlet: Inlet, bytes: Buffer, at: number, end: number): void {
  inlet.partBytes += end - at
  if (inlet.partBytes > largestMessageBytes)
    throw malformed(`a message of more than ${largestMessageBytes} B`)
  inlet.parts ??= []
  if (end > at) inlet.parts.push(Buffer.from(bytes.subarray(at, end)))
}
