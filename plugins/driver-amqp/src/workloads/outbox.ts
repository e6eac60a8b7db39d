import type { Delivery, EventContext, Sender } from 'rhea'
import type { Track } from '../audit/ledger.ts'
import type { Client } from '../client/client.ts'
import type { AmqpOptions } from '../options.ts'
import type { Draft, Envelope } from '../payload/envelope.ts'

/** A message on its way to the broker, and what happens to it. Reused for one message after another. */
export interface Parcel {
  readonly draft: Draft
  /** Identifies the delivery until it is settled. */
  readonly tag: Buffer
  sequence: number
  /** At most once: it was sent. */
  left(): void
  accepted(): void
  refused(state: Delivery['remote_state']): void
}

/** The sending side of a connection. */
export interface Outbox {
  send(parcel: Parcel, sentMs: number): void
  /** Data has arrived: messages that waited for credit may have left. */
  check(): void
}

export interface OutboxOptions {
  readonly sender: Sender
  readonly envelope: Envelope
  readonly track: Track
  /** By the number in the parcel's tag. */
  readonly parcels: readonly Parcel[]
}

export function tagOf(number: number): Buffer {
  const tag = Buffer.alloc(4)
  tag.writeUInt32BE(number)
  return tag
}

/** The outbox of a client that was opened with a sender. */
export function outboxOf(
  client: Client,
  { settlement }: Pick<AmqpOptions, 'settlement'>,
  options: Omit<OutboxOptions, 'sender'>,
): Outbox {
  const sender = client.sender!
  if (settlement === 'at-least-once') return createOutbox({ sender, ...options })
  const outbox = createPresettledOutbox({ sender, ...options })
  client.onInput = outbox.check
  return outbox
}

/** Sends messages that the broker settles. */
export function createOutbox({ sender, envelope, track, parcels }: OutboxOptions): Outbox {
  const parcelOf = ({ delivery }: EventContext): Parcel => parcels[(delivery!.tag as Buffer).readUInt32BE(0)]!
  const settle = ({ delivery }: EventContext): void => {
    // a broker that settles second waits for this side
    if (!delivery!.remote_settled) delivery!.update(true)
  }
  sender.on('accepted', (context: EventContext) => {
    settle(context)
    const parcel = parcelOf(context)
    track.acknowledged(parcel.sequence)
    parcel.accepted()
  })
  for (const refusal of ['rejected', 'released', 'modified'] as const)
    sender.on(refusal, (context: EventContext) => {
      settle(context)
      parcelOf(context).refused(context.delivery!.remote_state)
    })
  sender.on('settled', (context: EventContext) => {
    // settled without an outcome
    if (context.delivery!.remote_state === undefined) parcelOf(context).refused(undefined)
  })
  return {
    send(parcel, sentMs) {
      parcel.sequence = track.nextSequence()
      sender.send(envelope.write(parcel.draft, parcel.sequence, sentMs), parcel.tag, 0)
    },
    check() {},
  }
}

/** Sends messages that are settled before they leave. They leave once the broker has given credit for them. */
function createPresettledOutbox({ sender, envelope, track }: Omit<OutboxOptions, 'parcels'>): Outbox {
  const { delivery_count: firstCount } = sender as unknown as { readonly delivery_count: number }
  const waiting: Parcel[] = []
  let head = 0
  let left = 0
  let isScheduled = false

  const look = (): void => {
    isScheduled = false
    const { delivery_count: count } = sender as unknown as { readonly delivery_count: number }
    while (left < count - firstCount) {
      left++
      waiting[head++]!.left()
    }
    if (head === waiting.length) waiting.length = head = 0
    else if (head > 1_000) {
      waiting.splice(0, head)
      head = 0
    }
  }
  const check = (): void => {
    if (isScheduled || head === waiting.length) return
    isScheduled = true
    // rhea writes at the end of this turn
    setImmediate(look)
  }
  return {
    send(parcel, sentMs) {
      parcel.sequence = track.nextSequence()
      sender.send(envelope.write(parcel.draft, parcel.sequence, sentMs), parcel.tag, 0)
      waiting.push(parcel)
      check()
    },
    check,
  }
}
