import type { Delivery, EventContext, Sender } from 'rhea'
import type { Draft, Envelope } from '../payload.ts'
import type { Track } from '../audit/ledger.ts'

/** A message on its way to the broker, and what becomes of it. Used for one message after another. */
export interface Parcel {
  readonly draft: Draft
  /** Tells deliveries apart that are not settled yet. */
  readonly tag: Buffer
  sequence: number
  /** At most once: it has left. */
  left(): void
  accepted(): void
  refused(state: Delivery['remote_state']): void
}

/** The sending side of a connection. */
export interface Outbox {
  send(parcel: Parcel, sentMs: number, traceparent: string | undefined): void
  /** Something came in: messages that waited for the broker may have left. */
  check(): void
}

export interface OutboxOptions {
  readonly sender: Sender
  readonly envelope: Envelope
  readonly track: Track
  /** By the number that the parcels' tags carry. */
  readonly parcels: readonly Parcel[]
}

export function tagOf(number: number): Buffer {
  const tag = Buffer.alloc(4)
  tag.writeUInt32BE(number)
  return tag
}

/** Sends messages that the broker settles. */
export function createOutbox({ sender, envelope, track, parcels }: OutboxOptions): Outbox {
  const parcelOf = ({ delivery }: EventContext): Parcel => parcels[(delivery!.tag as Buffer).readUInt32BE(0)]!
  const settle = ({ delivery }: EventContext): void => {
    // a broker that settles second waits for us
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
    send(parcel, sentMs, traceparent) {
      parcel.sequence = track.nextSequence()
      sender.send(envelope.write(parcel.draft, parcel.sequence, sentMs, traceparent), parcel.tag, 0)
    },
    check() {},
  }
}

/** Sends messages that are settled before they leave. They leave when the broker has given credit for them. */
export function createPresettledOutbox({ sender, envelope, track }: Omit<OutboxOptions, 'parcels'>): Outbox {
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
    send(parcel, sentMs, traceparent) {
      parcel.sequence = track.nextSequence()
      sender.send(envelope.write(parcel.draft, parcel.sequence, sentMs, traceparent), parcel.tag, 0)
      waiting.push(parcel)
      check()
    },
    check,
  }
}
