import {
  CloudbenchError,
  defineWorkload,
  type Connection,
  type DriverContext,
  type Recorder,
  type Slot,
} from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import type { Delivery } from 'rhea'
import { audit } from '../audit/audit.ts'
import { ledgerOf, type Addressee } from '../audit/ledger.ts'
import { queueOf } from '../client/address.ts'
import { openClient, type Client } from '../client/client.ts'
import { largestWindow, sendReceiveOptions, type SendReceiveOptions } from '../options.ts'
import { createOutcomes, type Outcomes } from '../outcomes.ts'
import { machineNowMs } from '../payload/clock.ts'
import { createEnvelope, headerOf, type Draft } from '../payload/envelope.ts'
import { cleanup, prepareEmptyQueues } from '../prepare.ts'
import { receiveInto, type Books } from './inbox.ts'
import { outboxOf, tagOf, type Parcel } from './outbox.ts'

export const sendReceive = defineWorkload({
  description: 'send a message, and wait until it is settled and has come back',
  options: sendReceiveOptions,
  connect,
  prepare: prepareEmptyQueues,
  audit,
  cleanup,
})

/** Enough that credit is not given for every message or two. */
const fewestCredit = 1_000

/** Shared by all exchanges of a connection. */
interface Owner {
  readonly outcomes: Outcomes
  readonly settled: Recorder
  readonly received: Recorder
  readonly free: RoundTrip[]
}

/** One request of `send-receive`: done when the message has come back and the broker has settled its delivery. */
class RoundTrip implements Parcel, Addressee {
  readonly draft: Draft
  readonly tag: Buffer
  readonly #owner: Owner
  #slot: Slot | undefined
  #sentMs = 0
  #isSettled = false
  #isReceived = false
  sequence = 0

  constructor(number: number, draft: Draft, owner: Owner) {
    this.draft = draft
    this.tag = tagOf(number)
    this.#owner = owner
  }

  begin(slot: Slot, sentMs: number): void {
    this.#slot = slot
    this.#sentMs = sentMs
    this.#isSettled = false
    this.#isReceived = false
  }

  left(): void {
    this.#isSettled = true
    this.#finish()
  }

  accepted(): void {
    this.#owner.settled.record((machineNowMs() - this.#sentMs) * 1e6)
    this.left()
  }

  arrived(): void {
    if (this.#isReceived) return
    this.#owner.received.record((machineNowMs() - this.#sentMs) * 1e6)
    this.#isReceived = true
    this.#finish()
  }

  refused(state: Delivery['remote_state']): void {
    this.#end()?.done(this.#owner.outcomes.refused(state))
  }

  #finish(): void {
    if (this.#isSettled && this.#isReceived) this.#end()?.done(this.#owner.outcomes.received)
  }

  #end(): Slot | undefined {
    const slot = this.#slot
    if (slot === undefined) return undefined
    this.#slot = undefined
    this.#owner.free.push(this)
    return slot
  }
}

/** Opens one connection with a sender and a receiver on the same queue. */
async function connect(context: DriverContext<SendReceiveOptions>): Promise<Connection> {
  const { options, bytes, worker, connection: at } = context
  if (!options.create && worker.total > 1) throw cannotShare(options.queue, worker.total)
  const queue = queueOf(options, worker)
  const ledger = await ledgerOf(context, queue)
  const readings = await sharedReadings(context)
  const client = await openClient(context, { queue, sends: true, receivers: 1 })
  const track = ledger.openTrack(context.flow, at.index)
  const envelope = createEnvelope(options, { run: ledger.run, track: track.id })
  const owner: Owner = {
    outcomes: createOutcomes(context.outcome),
    settled: context.recorder('sent to settled'),
    received: context.recorder('sent to received'),
    free: [],
  }
  const exchanges = Array.from(
    { length: options.pipelining },
    (_, number) => new RoundTrip(number, envelope.createDraft(number), owner),
  )
  owner.free.push(...exchanges.toReversed())
  track.addressees = exchanges
  const outbox = outboxOf(client, options, { envelope, track, parcels: exchanges })
  receiveAll(context, client, { ledger, readings, isOwnQueue: options.create })
  client.broken.catch(context.lost)
  return {
    streams: options.pipelining,
    issue(slot) {
      const exchange = owner.free.pop()!
      const sentMs = machineNowMs()
      exchange.begin(slot, sentMs)
      bytes.sent += options.size
      outbox.send(exchange, sentMs)
    },
    close: client.close,
  }
}

/** Receives the messages of the queue, and tells the exchange that each belongs to. */
function receiveAll(context: DriverContext<SendReceiveOptions>, client: Client, books: Books): void {
  const { options, bytes, connection: at } = context
  const foreign = context.counter('messages of others')
  const receiver = client.receivers[0]!
  // never less than can be in flight: RabbitMQ 3 exceeds the credit when it runs short
  const credit =
    options.credit ?? Math.min(largestWindow, Math.max(fewestCredit, at.total * options.pipelining))
  const batch = Math.ceil(credit / 4)
  let consumed = 0
  receiveInto(receiver, books, {
    message(body, from) {
      if (++consumed >= batch) {
        receiver.add_credit(consumed)
        consumed = 0
      }
      if (from === undefined) {
        foreign.add(1)
        return
      }
      bytes.received += body!.length
      // it may belong to another connection, or arrive after its request has failed
      const addressee = from.addressees[headerOf.exchange(body!)]
      if (addressee?.sequence === headerOf.sequence(body!)) addressee.arrived()
    },
  })
  receiver.add_credit(credit)
}

function cannotShare(queue: string, workers: number): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${workers} workers cannot share the queue ${queue}: messages of one would come back to another`,
    expected: 'one worker, or a queue for each',
    next: 'workers: 1, or options.create: true',
  })
}
