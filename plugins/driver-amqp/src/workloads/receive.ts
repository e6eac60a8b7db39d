import type { Connection, DriverContext, Slot } from '@cloudbench/core'
import type { Receiver } from 'rhea'
import { queueOf } from '../client/address.ts'
import { openBrokerConnection } from '../client/client.ts'
import { machineNowMs } from '../clock.ts'
import { createEnvelope, headerOf, type Draft } from '../payload.ts'
import { receiveInto } from './inbox.ts'
import { ledgerOf } from '../audit/ledger.ts'
import type { ReceiveOptions } from '../options.ts'
import { tagOf, type Outbox, type Parcel } from './outbox.ts'
import { createOutcomes } from '../outcomes.ts'
import { outboxOf } from './send.ts'

/** A message that takes the place of one that was received. Nobody waits for it. */
class Replacement implements Parcel {
  readonly draft: Draft
  readonly tag: Buffer
  readonly #free: Replacement[]
  sequence = 0

  constructor(number: number, draft: Draft, free: Replacement[]) {
    this.draft = draft
    this.tag = tagOf(number)
    this.#free = free
  }

  left(): void {
    this.#free.push(this)
  }

  accepted(): void {
    this.left()
  }

  refused(): void {
    this.left()
  }
}

/**
 * A link with credit for one message at most: RabbitMQ 3 sends more than it may when credit comes while messages are on
 * their way.
 */
interface Lane {
  readonly receiver: Receiver
  slot: Slot | undefined
}

/** Opens one connection, and asks for one message after another on it: each request gives credit for one. */
export async function connectReceiver(context: DriverContext<ReceiveOptions>): Promise<Connection> {
  const { options, bytes } = context
  const queue = queueOf(options, context.worker)
  const ledger = ledgerOf(context.target, queue)
  const opened = await openBrokerConnection(context, {
    queue,
    receivers: options.pipelining,
    sends: options.refill,
  })
  const { received } = createOutcomes(context.outcome)
  const inQueue = context.recorder('time in the queue')
  const replace = options.refill ? createReplacing(context, opened) : undefined
  const lanes: readonly Lane[] = opened.receivers.map((receiver) => ({ receiver, slot: undefined }))
  const free = [...lanes]
  for (const lane of lanes)
    receiveInto(lane.receiver, ledger, {
      message(body) {
        replace?.()
        if (body !== undefined) {
          bytes.received += body.length
          if (headerOf.isOurs(body)) inQueue.record((machineNowMs() - headerOf.sentMs(body)) * 1e6)
        }
        const { slot } = lane
        if (slot === undefined) return
        lane.slot = undefined
        free.push(lane)
        slot.done(received)
      },
    })
  opened.onFault = (error) => {
    for (const lane of lanes) {
      const { slot } = lane
      lane.slot = undefined
      slot?.fail(error)
    }
  }
  return {
    streams: options.pipelining,
    issue(slot) {
      const lane = free.pop()!
      lane.slot = slot
      lane.receiver.add_credit(1)
    },
    close: opened.close,
  }
}

function createReplacing(
  context: DriverContext<ReceiveOptions>,
  opened: Parameters<typeof outboxOf>[0],
): () => void {
  const { options, bytes } = context
  const ledger = ledgerOf(context.target, queueOf(options, context.worker))
  const track = ledger.openTrack(context.flow, context.connection.index)
  const envelope = createEnvelope(options, { run: ledger.run, track: track.id })
  const free: Replacement[] = []
  const parcels: Replacement[] = []
  const outbox: Outbox = outboxOf(opened, options, { envelope, track, parcels })
  return () => {
    let parcel = free.pop()
    if (parcel === undefined) {
      const number = parcels.length
      parcel = new Replacement(number, envelope.createDraft(number), free)
      parcels.push(parcel)
    }
    bytes.sent += options.size
    outbox.send(parcel, machineNowMs(), undefined)
  }
}
