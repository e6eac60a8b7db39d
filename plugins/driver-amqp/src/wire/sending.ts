import type { RequestTrace } from '@cloudbench/core'
import type { Parcel } from '../lanes/parcel.ts'
import { noOutcome } from '../outcomes.ts'
import { stamp } from '../payload/envelope.ts'
import { malformed } from './malformed.ts'
import type { Verdict } from './outcome.ts'
import type { Output } from './output.ts'
import type { Session } from './session.ts'
import type { Transfer } from './transfer.ts'

/** More than may be in flight; a power of two. Deliveries that take longer than so many others are stragglers. */
const ringSize = 4_096
const mask = ringSize - 1
const halfway = 0x8000_0000

export interface SendingOptions {
  readonly handle: number
  readonly transfer: Transfer
  /** Whether messages are settled before they leave. */
  readonly isSettled: boolean
  readonly trace?: RequestTrace | undefined
}

/** The link on which messages leave, as far as the credit of the peer and the window of the session go. */
export class Sending {
  readonly #output: Output
  readonly #session: Session
  readonly #handle: number
  readonly #isSettled: boolean
  readonly #transfer: Transfer
  readonly #trace: RequestTrace | undefined
  #credit = 0
  #deliveryCount = 0
  #nextDelivery = 0
  /** By the last bits of the number of the delivery. */
  readonly #inFlight: (Parcel | undefined)[] = Array.from({ length: ringSize }, () => undefined)
  readonly #stragglers = new Map<number, Parcel>()
  /** Parcels that wait for credit, from `#head` on. */
  readonly #waiting: Parcel[] = []
  #head = 0
  /** The next frame of a message that has left in part. */
  #nextRest = 0
  #unfinished: Parcel | undefined
  /** Settled parcels that are laid out, and leave in this turn. */
  #leaving: Parcel[] = []

  constructor(output: Output, session: Session, { handle, transfer, isSettled, trace }: SendingOptions) {
    this.#trace = trace
    this.#output = output
    this.#session = session
    this.#handle = handle
    this.#transfer = transfer
    this.#isSettled = isSettled
  }

  send(parcel: Parcel): void {
    if (this.#head === this.#waiting.length && this.#canSend()) this.#layOut(parcel)
    else this.#waiting.push(parcel)
  }

  /** The peer has given credit. @param received How many messages it has seen. */
  flowed(received: number, credit: number, isDrain: boolean): void {
    this.#credit = credit + ((received - this.#deliveryCount) | 0)
    this.pump()
    if (!isDrain || this.#credit <= 0) return
    // what is not used is given back
    this.#deliveryCount = (this.#deliveryCount + this.#credit) >>> 0
    this.#credit = 0
    this.writeFlow()
  }

  writeFlow(): void {
    this.#session.writeFlow({
      handle: this.#handle,
      deliveryCount: this.#deliveryCount,
      credit: Math.max(0, this.#credit),
    })
  }

  /** Sends what waits, now that there may be credit or room in the window. */
  pump(): void {
    if (this.#unfinished !== undefined) this.#continue(this.#unfinished)
    const waiting = this.#waiting
    while (this.#head < waiting.length && this.#canSend()) this.#layOut(waiting[this.#head++]!)
    if (this.#head === waiting.length) waiting.length = this.#head = 0
    else if (this.#head > 1_000) {
      waiting.splice(0, this.#head)
      this.#head = 0
    }
  }

  /** The peer has settled deliveries, or says what becomes of them. */
  settled(first: number, last: number, verdict: Verdict): void {
    const newest = this.#nextDelivery - 1
    if ((newest - last) >>> 0 >= halfway || (last - first) >>> 0 >= halfway)
      throw malformed(`a disposition of the deliveries ${first} to ${last}, of which not all were sent`)
    const age = (newest - first) >>> 0
    if (age >= ringSize) this.#settleStragglers(first, last, verdict)
    const recent = age < ringSize ? first : (newest - mask) >>> 0
    const count = ((last - recent) | 0) + 1
    for (let step = 0; step < count; step++) {
      const at = (recent + step) & mask
      const parcel = this.#inFlight[at]
      if (parcel === undefined) continue
      this.#inFlight[at] = undefined
      end(parcel, verdict)
    }
  }

  #settleStragglers(first: number, last: number, verdict: Verdict): void {
    for (const [delivery, parcel] of this.#stragglers) {
      if ((delivery - first) >>> 0 > (last - first) >>> 0) continue
      this.#stragglers.delete(delivery)
      end(parcel, verdict)
    }
  }

  #canSend(): boolean {
    return this.#credit > 0 && this.#session.window > 0 && this.#unfinished === undefined
  }

  #layOut(parcel: Parcel): void {
    const { head, deliveryAt, tagAt, bodyAt, traceAt, rest, restOfFirst } = this.#transfer
    const delivery = this.#nextDelivery
    const at = this.#output.reserve(head.length)
    const { out } = this.#output
    out.set(head, at)
    out.writeUInt32BE(delivery, at + deliveryAt)
    out.writeUInt32BE(parcel.number, at + tagAt)
    stamp(out, at + bodyAt, parcel)
    this.#trace?.write(parcel.index, out, at + traceAt)
    if (restOfFirst === 1) this.#output.write(rest[0]!)
    this.#session.sent()
    this.#credit--
    this.#deliveryCount = (this.#deliveryCount + 1) >>> 0
    this.#nextDelivery = (delivery + 1) >>> 0
    if (!this.#isSettled) this.#remember(delivery, parcel)
    this.#nextRest = restOfFirst
    if (restOfFirst < rest.length) this.#continue(parcel)
    else if (this.#isSettled) this.#leave(parcel)
  }

  /** Sends the further frames of a message, as far as the window goes. */
  #continue(parcel: Parcel): void {
    const { rest } = this.#transfer
    while (this.#nextRest < rest.length && this.#session.window > 0) {
      this.#output.write(rest[this.#nextRest++]!)
      this.#session.sent()
    }
    if (this.#nextRest < rest.length) {
      this.#unfinished = parcel
      return
    }
    this.#unfinished = undefined
    if (this.#isSettled) this.#leave(parcel)
  }

  #remember(delivery: number, parcel: Parcel): void {
    const at = delivery & mask
    const straggler = this.#inFlight[at]
    if (straggler !== undefined) this.#stragglers.set((delivery - ringSize) >>> 0, straggler)
    this.#inFlight[at] = parcel
  }

  /** What is laid out is with the operating system before the next turn of the loop. */
  #leave(parcel: Parcel): void {
    if (this.#leaving.push(parcel) > 1) return
    setImmediate(() => {
      const left = this.#leaving
      this.#leaving = []
      for (const each of left) each.left()
    })
  }
}

function end(parcel: Parcel, verdict: Verdict): void {
  if (verdict === 'accepted') parcel.accepted()
  else parcel.refused(verdict ?? noOutcome)
}
