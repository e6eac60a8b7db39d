import { defineWorkload, type Connection, type DriverContext, type Slot } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import type { Receiver } from 'rhea'
import { audit } from '../audit/audit.ts'
import { ledgerOf, type Ledger } from '../audit/ledger.ts'
import { queueOf } from '../client/address.ts'
import { openClient, type Client } from '../client/client.ts'
import { receiveOptions, type ReceiveOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { machineNowMs } from '../payload/clock.ts'
import { createEnvelope, headerOf, type Draft } from '../payload/envelope.ts'
import { cleanup, prepareFullQueues } from '../prepare.ts'
import { receiveInto } from './inbox.ts'
import { outboxOf, tagOf, type Parcel } from './outbox.ts'

export const receive = defineWorkload({
  description: 'give credit for a message, and wait for it',
  options: receiveOptions,
  connect,
  prepare: prepareFullQueues,
  audit,
  cleanup,
})

/** A message that replaces one that was received. No request waits for it. */
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

/** A link with credit for one message at most: RabbitMQ 3 exceeds the credit when more arrives while it is sending. */
interface Lane {
  readonly receiver: Receiver
  slot: Slot | undefined
}

/** Opens one connection that receives messages: each request gives credit for one. */
async function connect(context: DriverContext<ReceiveOptions>): Promise<Connection> {
  const { options, bytes } = context
  const queue = queueOf(options, context.worker)
  const ledger = await ledgerOf(context, queue)
  const readings = await sharedReadings(context)
  const client = await openClient(context, {
    queue,
    receivers: options.pipelining,
    sends: options.refill,
  })
  const { received } = createOutcomes(context.outcome)
  const inQueue = context.recorder('time in the queue')
  const refill = options.refill ? createRefill(context, client, ledger) : undefined
  const lanes: readonly Lane[] = client.receivers.map((receiver) => ({ receiver, slot: undefined }))
  const free = [...lanes]
  for (const lane of lanes)
    receiveInto(
      lane.receiver,
      { ledger, readings, isOwnQueue: options.create },
      {
        message(body) {
          refill?.()
          if (body !== undefined) {
            bytes.received += body.length
            if (headerOf.isThere(body)) inQueue.record((machineNowMs() - headerOf.sentMs(body)) * 1e6)
          }
          const { slot } = lane
          if (slot === undefined) return
          lane.slot = undefined
          free.push(lane)
          slot.done(received)
        },
      },
    )
  client.broken.catch(context.lost)
  return {
    streams: options.pipelining,
    issue(slot) {
      const lane = free.pop()!
      lane.slot = slot
      lane.receiver.add_credit(1)
    },
    close: client.close,
  }
}

/** Sends a message each time it is called. */
function createRefill(context: DriverContext<ReceiveOptions>, client: Client, ledger: Ledger): () => void {
  const { options, bytes } = context
  const track = ledger.openTrack(context.flow, context.connection.index)
  const envelope = createEnvelope(options, { run: ledger.run, track: track.id })
  const free: Replacement[] = []
  const parcels: Replacement[] = []
  const outbox = outboxOf(client, options, { envelope, track, parcels })
  return () => {
    let parcel = free.pop()
    if (parcel === undefined) {
      const number = parcels.length
      parcel = new Replacement(number, envelope.createDraft(number), free)
      parcels.push(parcel)
    }
    bytes.sent += options.size
    outbox.send(parcel, machineNowMs())
  }
}
