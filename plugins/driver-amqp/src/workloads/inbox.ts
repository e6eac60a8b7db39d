import type { Readings } from '@cloudbench/driver-kit'
import type { EventContext, Receiver } from 'rhea'
import type { Ledger, Track } from '../audit/ledger.ts'
import { headerOf, isFilled, isOfRun } from '../payload/envelope.ts'

/** Where a receiver enters what it finds. */
export interface Books {
  readonly ledger: Ledger
  readonly readings: Readings
}

/** What a receiver reports of each message. */
export interface InboxEvents {
  /** @param track That of the sender, when this process sent the message. */
  message(body: Buffer | undefined, track: Track | undefined): void
}

/** Accepts messages, and enters those of this process in the books. */
export function receiveInto(receiver: Receiver, { ledger, readings }: Books, events: InboxEvents): void {
  // by track, and per receiver: only one receiver's messages are in order
  const last: number[] = []
  receiver.on('message', ({ message, delivery }: EventContext) => {
    const { content } = (message!.body ?? {}) as { readonly content?: unknown }
    const body = Buffer.isBuffer(content) ? content : undefined
    const sent = body !== undefined && isOfRun(body, ledger.run) ? body : undefined
    const track = sent && senderOf(sent, ledger)
    if (sent !== undefined)
      if (track !== undefined && isFilled(sent)) readings.right()
      else readings.wrong(() => damageOf(sent, ledger))
    if (sent !== undefined && track !== undefined) {
      const sequence = headerOf.sequence(sent)
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

/** The sender of a message of this process; undefined when its header is damaged. */
function senderOf(body: Buffer, ledger: Ledger): Track | undefined {
  const track = ledger.track(headerOf.track(body))
  return track?.hasSent(headerOf.sequence(body)) === true ? track : undefined
}

function damageOf(body: Buffer, ledger: Ledger): string {
  const name = `message ${headerOf.sequence(body)} of sender ${headerOf.track(body)}`
  return senderOf(body, ledger) === undefined
    ? `${name} was never sent`
    : `${name} has another body than was sent`
}
