import type { Readings } from '@cloudbench/driver-kit'
import type { Ledger, Track } from '../audit/ledger.ts'
import { noBytes, type ReceivedMessage } from '../lanes/message.ts'
import { damageOf, headerOf } from '../payload/envelope.ts'

/** Where a receiver enters what it finds. */
export interface Books {
  readonly ledger: Ledger
  readonly readings: Readings
  /** Whether the queue is the driver's own, in which no one else puts messages. */
  readonly isOwnQueue: boolean
}

/** Compares messages with what was sent, and enters those of this process in the books. */
export class Inbox {
  readonly #books: Books
  /** By receiver and track: only one receiver's messages are in order. */
  readonly #last: number[][] = []

  constructor(books: Books) {
    this.#books = books
  }

  /** @returns the track of the sender, when this process sent the message. */
  enter(receiver: number, message: ReceivedMessage): Track | undefined {
    const { ledger, readings } = this.#books
    const { bytes, start, end, isRedelivered } = message
    const isOurs = headerOf.isThere(bytes, start, end)
    const fault = faultOf(message, isOurs, this.#books)
    if (fault !== undefined) readings.wrong(() => fault)
    else if (isOurs) readings.right()
    const track = isOurs ? senderOf(bytes, start, ledger) : undefined
    if (track === undefined) return undefined
    const sequence = headerOf.sequence(bytes, start)
    track.received(sequence, isRedelivered)
    if (isRedelivered) return track
    const last = (this.#last[receiver] ??= [])
    const before = last[track.id] ?? 0
    if (sequence < before) track.outOfOrder(sequence, before)
    else last[track.id] = sequence
    return track
  }
}

/** The sender of a message of this process; undefined for those of others, or when the header is damaged. */
function senderOf(bytes: Buffer, start: number, ledger: Ledger): Track | undefined {
  if (headerOf.run(bytes, start) !== ledger.run) return undefined
  const track = ledger.track(headerOf.track(bytes, start))
  return track?.hasSent(headerOf.sequence(bytes, start)) === true ? track : undefined
}

/** Why a message is not what a sender of cloudbench wrote; `undefined` when it is, or when it may be someone else's. */
function faultOf(
  { bytes, start, end, isData }: ReceivedMessage,
  hasHeader: boolean,
  { ledger, isOwnQueue }: Books,
): string | undefined {
  if (!hasHeader) {
    if (!isOwnQueue) return undefined
    const found = start === noBytes ? 'a message without bytes' : `a message of ${end - start} B`
    return `${found} was never sent`
  }
  const damage = isData ? damageOf(bytes, start, end) : 'has a body of another type than was sent'
  const isUnknown = headerOf.run(bytes, start) === ledger.run && senderOf(bytes, start, ledger) === undefined
  if (damage === undefined && !isUnknown) return undefined
  const number = headerOf.sequence(bytes, start)
  return `message ${number} of sender ${headerOf.track(bytes, start)} ${isUnknown ? 'was never sent' : damage}`
}
