import type { EventContext, Receiver } from 'rhea'
import type { Ledger, Track } from '../audit/ledger.ts'
import { headerOf, isOfRun } from '../payload/envelope.ts'

/** What a receiver reports of each message. */
export interface InboxEvents {
  /** @param track That of the sender, when this process sent the message. */
  message(body: Buffer | undefined, track: Track | undefined): void
}

const nothing = Buffer.alloc(0)

/** Accepts messages, and enters those of this process in the ledger. */
export function receiveInto(receiver: Receiver, ledger: Ledger, events: InboxEvents): void {
  // by track, and per receiver: only one receiver's messages are in order
  const last: number[] = []
  receiver.on('message', ({ message, delivery }: EventContext) => {
    const { content } = (message!.body ?? {}) as { readonly content?: unknown }
    const body = Buffer.isBuffer(content) ? content : undefined
    const track =
      body !== undefined && isOfRun(body, ledger.run) ? ledger.track(headerOf.track(body)) : undefined
    if (track !== undefined) {
      const sequence = headerOf.sequence(body ?? nothing)
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
