import { defineWorkload, type Connection, type DriverContext, type Slot } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { audit } from '../audit/audit.ts'
import { ledgerOf, type Track } from '../audit/ledger.ts'
import { queueOf } from '../client/address.ts'
import { openLane } from '../lanes/lane.ts'
import { noBytes, type MessageListener } from '../lanes/message.ts'
import type { Parcel } from '../lanes/parcel.ts'
import { receiveOptions, type ReceiveOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { machineNowMs } from '../payload/clock.ts'
import { createEnvelope, headerOf } from '../payload/envelope.ts'
import { cleanup, prepareFullQueues } from '../prepare.ts'
import { Inbox, type Books } from './inbox.ts'

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
  readonly number: number
  readonly #track: Track
  readonly #free: Replacement[]
  readonly index = 0
  sequence = 0
  sentMs = 0

  constructor(number: number, track: Track, free: Replacement[]) {
    this.number = number
    this.#track = track
    this.#free = free
  }

  begin(): this {
    this.sequence = this.#track.nextSequence()
    this.sentMs = machineNowMs()
    return this
  }

  left(): void {
    this.#free.push(this)
  }

  accepted(): void {
    this.#track.acknowledged(this.sequence)
    this.left()
  }

  refused(): void {
    this.left()
  }
}

/** Opens one connection that receives messages: each request gives credit for one. */
async function connect(context: DriverContext<ReceiveOptions>): Promise<Connection> {
  const { options, bytes, connection: at } = context
  const queue = queueOf(options, context.worker)
  const ledger = await ledgerOf(context, queue)
  const readings = await sharedReadings(context)
  const track = ledger.openTrack(context.flow, at.index)
  const envelope = options.refill ? createEnvelope(options, { run: ledger.run, track: track.id }) : undefined
  // a link has credit for one message at most: RabbitMQ 3 exceeds the credit when more arrives while it is sending
  const slots: (Slot | undefined)[] = Array.from({ length: options.pipelining }, () => undefined)
  const free = slots.map((_, receiver) => receiver)
  const replacement = createReplacements(track)
  const refill = (): void => {
    bytes.sent += options.size
    lane.send(replacement().begin())
  }
  const { received } = createOutcomes(context.outcome)
  const listener = listenerOf(context, { ledger, readings, isOwnQueue: options.create }, (receiver) => {
    if (options.refill) refill()
    const slot = slots[receiver]
    if (slot === undefined) return
    slots[receiver] = undefined
    free.push(receiver)
    slot.done(received)
  })
  const lane = await openLane(context, {
    queue,
    envelope,
    receivers: { count: options.pipelining, listener },
  })
  lane.broken.catch(context.lost)
  return {
    streams: options.pipelining,
    issue(slot) {
      const receiver = free.pop()!
      slots[receiver] = slot
      lane.addCredit(receiver, 1)
    },
    close: lane.close,
  }
}

function listenerOf(
  context: DriverContext<ReceiveOptions>,
  books: Books,
  received: (receiver: number) => void,
): MessageListener {
  const inQueue = context.recorder('time in the queue')
  const inbox = new Inbox(books)
  return {
    message(receiver, message) {
      const { bytes, start, end } = message
      inbox.enter(receiver, message)
      if (start !== noBytes) {
        context.bytes.received += end - start
        if (headerOf.isThere(bytes, start, end))
          inQueue.record((machineNowMs() - headerOf.sentMs(bytes, start)) * 1e6)
      }
      received(receiver)
    },
  }
}

/** Hands out one that is not on its way, or another one. */
function createReplacements(track: Track): () => Replacement {
  const free: Replacement[] = []
  let count = 0
  return () => free.pop() ?? new Replacement(count++, track, free)
}
