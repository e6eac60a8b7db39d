import {
  CloudbenchError,
  defineWorkload,
  type Connection,
  type DriverContext,
  type Recorder,
  type Slot,
} from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { audit } from '../audit/audit.ts'
import { ledgerOf, type Addressee, type Track } from '../audit/ledger.ts'
import { queueOf } from '../client/address.ts'
import { openLane } from '../lanes/lane.ts'
import type { MessageListener } from '../lanes/message.ts'
import type { Parcel } from '../lanes/parcel.ts'
import { largestWindow, sendReceiveOptions, type SendReceiveOptions } from '../options.ts'
import { createOutcomes, type Outcomes, type Refusal } from '../outcomes.ts'
import { machineNowMs } from '../payload/clock.ts'
import { createEnvelope, headerOf } from '../payload/envelope.ts'
import { cleanup, prepareEmptyQueues } from '../prepare.ts'
import { Inbox, type Books } from './inbox.ts'

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
  readonly track: Track
  readonly outcomes: Outcomes
  readonly settled: Recorder
  readonly received: Recorder
  readonly free: RoundTrip[]
}

/** One request of `send-receive`: done when the message has come back and the broker has settled its delivery. */
class RoundTrip implements Parcel, Addressee {
  readonly number: number
  readonly #owner: Owner
  #slot: Slot | undefined
  #isSettled = false
  #isReceived = false
  index = 0
  sequence = 0
  sentMs = 0

  constructor(number: number, owner: Owner) {
    this.number = number
    this.#owner = owner
  }

  begin(slot: Slot): void {
    this.#slot = slot
    this.index = slot.index
    this.sequence = this.#owner.track.nextSequence()
    this.sentMs = machineNowMs()
    this.#isSettled = false
    this.#isReceived = false
  }

  left(): void {
    this.#isSettled = true
    this.#finish()
  }

  accepted(): void {
    this.#owner.track.acknowledged(this.sequence)
    this.#owner.settled.record((machineNowMs() - this.sentMs) * 1e6)
    this.left()
  }

  arrived(): void {
    if (this.#isReceived) return
    this.#owner.received.record((machineNowMs() - this.sentMs) * 1e6)
    this.#isReceived = true
    this.#finish()
  }

  refused(refusal: Refusal): void {
    this.#end()?.done(this.#owner.outcomes.refused(refusal))
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
  const track = ledger.openTrack(context.flow, at.index)
  const envelope = createEnvelope(options, { run: ledger.run, track: track.id }, context.trace)
  const owner: Owner = {
    track,
    outcomes: createOutcomes(context.outcome),
    settled: context.recorder('sent to settled'),
    received: context.recorder('sent to received'),
    free: [],
  }
  const exchanges = Array.from({ length: options.pipelining }, (_, number) => new RoundTrip(number, owner))
  owner.free.push(...exchanges.toReversed())
  const listener = listenerOf(context, { ledger, readings, isOwnQueue: options.create })
  const lane = await openLane(context, {
    queue,
    envelope,
    receivers: { count: 1, keptCredit: creditOf(context), listener },
  })
  track.addressees = exchanges
  lane.broken.catch(context.lost)
  return {
    streams: options.pipelining,
    issue(slot) {
      const exchange = owner.free.pop()!
      exchange.begin(slot)
      bytes.sent += options.size
      lane.send(exchange)
    },
    close: lane.close,
  }
}

/** Never less than can be in flight: RabbitMQ 3 exceeds the credit when it runs short. */
function creditOf({ options, connection: { total } }: DriverContext<SendReceiveOptions>): number {
  return options.credit ?? Math.min(largestWindow, Math.max(fewestCredit, total * options.pipelining))
}

/** Tells the exchange that each message belongs to. */
function listenerOf(context: DriverContext<SendReceiveOptions>, books: Books): MessageListener {
  const foreign = context.counter('messages of others')
  const inbox = new Inbox(books)
  return {
    message(receiver, message) {
      const track = inbox.enter(receiver, message)
      if (track === undefined) {
        foreign.add(1)
        return
      }
      const { bytes, start, end } = message
      context.bytes.received += end - start
      // it may belong to another connection, or arrive after its request has failed
      const addressee = track.addressees[headerOf.exchange(bytes, start)]
      if (addressee?.sequence === headerOf.sequence(bytes, start)) addressee.arrived()
    },
  }
}

function cannotShare(queue: string, workers: number): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${workers} workers cannot share the queue ${queue}: messages of one would come back to another`,
    expected: 'one worker, or a queue for each',
    next: 'workers: 1, or options.create: true',
  })
}
