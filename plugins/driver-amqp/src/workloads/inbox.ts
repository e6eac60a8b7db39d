import type { Readings } from '@cloudbench/driver-kit'
import type { EventContext, Receiver } from 'rhea'
import type { Ledger, Track } from '../audit/ledger.ts'
import { damageOf, headerOf } from '../payload/envelope.ts'

/** Where a receiver enters what it finds. */
export interface Books {
  readonly ledger: Ledger
  readonly readings: Readings
  /** Whether the queue is the driver's own, in which no one else puts messages. */
  readonly isOwnQueue: boolean
}

/** What a receiver reports of each message. */
export interface InboxEvents {
  /** @param track That of the sender, when this process sent the message. */
  message(body: Buffer | undefined, track: Track | undefined): void
}

/** A section of a message, as rhea reads it. */
interface Section {
  readonly typecode: number
  readonly content: unknown
}

/** The `data` section. */
const dataType = 0x75

/** Accepts messages, compares them with what was sent, and enters those of this process in the books. */
export function receiveInto(receiver: Receiver, books: Books, events: InboxEvents): void {
  const { ledger, readings } = books
  // by track, and per receiver: only one receiver's messages are in order
  const last: number[] = []
  receiver.on('message', ({ message, delivery }: EventContext) => {
    const { content, typecode } = (message!.body ?? {}) as Partial<Section>
    const isData = Buffer.isBuffer(content) && typecode === dataType
    const body = isData ? content : bytesOf(message!.body)
    const fault = faultOf(body, isData, books)
    if (fault !== undefined) readings.wrong(() => fault)
    else if (body !== undefined && headerOf.isThere(body)) readings.right()
    const track = body && senderOf(body, ledger)
    if (track !== undefined) {
      const sequence = headerOf.sequence(body!)
      const isRedelivered = message!.first_acquirer === false || (message!.delivery_count ?? 0) > 0
      track.received(sequence, isRedelivered)
      if (!isRedelivered) {
        const before = last[track.id] ?? 0
        if (sequence < before) track.outOfOrder(sequence, before)
        else last[track.id] = sequence
      }
    }
    // rhea settles adjacent deliveries with the outcome of the first; here all of them are accepted
    if (delivery!.remote_settled) delivery!.update(true)
    else delivery!.accept()
    events.message(body, track)
  })
}

/** The sender of a message of this process; undefined for those of others, or when the header is damaged. */
function senderOf(body: Buffer, ledger: Ledger): Track | undefined {
  if (!headerOf.isThere(body) || headerOf.run(body) !== ledger.run) return undefined
  const track = ledger.track(headerOf.track(body))
  return track?.hasSent(headerOf.sequence(body)) === true ? track : undefined
}

/** Why a message is not what a sender of cloudbench wrote; `undefined` when it is, or when it may be someone else's. */
function faultOf(
  body: Buffer | undefined,
  isData: boolean,
  { ledger, isOwnQueue }: Books,
): string | undefined {
  if (body === undefined || !headerOf.isThere(body)) {
    if (!isOwnQueue) return undefined
    const found = body === undefined ? 'a message without bytes' : `a message of ${body.length} B`
    return `${found} was never sent`
  }
  const damage = isData ? damageOf(body) : 'has a body of another type than was sent'
  const isUnknown = headerOf.run(body) === ledger.run && senderOf(body, ledger) === undefined
  if (damage === undefined && !isUnknown) return undefined
  return `message ${headerOf.sequence(body)} of sender ${headerOf.track(body)} ${isUnknown ? 'was never sent' : damage}`
}

/** The bytes of a body that is no single `data` section, as every message of a sender is. */
function bytesOf(body: unknown): Buffer | undefined {
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body, 'latin1')
  const { content } = (body ?? {}) as Partial<Section>
  if (Buffer.isBuffer(content)) return content
  return Array.isArray(content) && content.every((part) => Buffer.isBuffer(part))
    ? Buffer.concat(content)
    : undefined
}
