import { defineWorkload, type Connection, type DriverContext, type Slot } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { ledgerOf, type Track } from '../audit/ledger.ts'
import { queueOf } from '../client/address.ts'
import { openLane } from '../lanes/lane.ts'
import type { Parcel } from '../lanes/parcel.ts'
import { sendOptions, type SendOptions } from '../options.ts'
import { createOutcomes, type Outcomes, type Refusal } from '../outcomes.ts'
import { machineNowMs } from '../payload/clock.ts'
import { createEnvelope } from '../payload/envelope.ts'
import { cleanup, prepareQueues } from '../prepare.ts'

export const send = defineWorkload({
  description: 'send a message, and wait until the broker has settled it',
  options: sendOptions,
  connect,
  prepare: prepareQueues,
  audit,
  cleanup,
})

/** One request of `send`: done when the broker has settled the message or, at most once, when it was sent. */
class SendExchange implements Parcel {
  readonly number: number
  readonly #track: Track
  readonly #outcomes: Outcomes
  readonly #free: SendExchange[]
  #slot: Slot | undefined
  index = 0
  sequence = 0
  sentMs = 0

  constructor(number: number, track: Track, outcomes: Outcomes, free: SendExchange[]) {
    this.number = number
    this.#track = track
    this.#outcomes = outcomes
    this.#free = free
  }

  begin(slot: Slot): void {
    this.#slot = slot
    this.index = slot.index
    this.sequence = this.#track.nextSequence()
    this.sentMs = machineNowMs()
  }

  left(): void {
    this.#take()?.done(this.#outcomes.sent)
  }

  accepted(): void {
    this.#track.acknowledged(this.sequence)
    this.#take()?.done(this.#outcomes.accepted)
  }

  refused(refusal: Refusal): void {
    this.#take()?.done(this.#outcomes.refused(refusal))
  }

  #take(): Slot | undefined {
    const slot = this.#slot
    this.#slot = undefined
    this.#free.push(this)
    return slot
  }
}

/** Opens one connection that sends messages. */
async function connect(context: DriverContext<SendOptions>): Promise<Connection> {
  const { options, bytes, connection: at } = context
  const queue = queueOf(options, context.worker)
  const ledger = await ledgerOf(context, queue)
  const track = ledger.openTrack(context.flow, at.index)
  const envelope = createEnvelope(options, { run: ledger.run, track: track.id }, context.trace)
  const lane = await openLane(context, { queue, envelope })
  const outcomes = createOutcomes(context.outcome)
  const free: SendExchange[] = []
  for (let number = options.pipelining - 1; number >= 0; number--)
    free.push(new SendExchange(number, track, outcomes, free))
  lane.broken.catch(context.lost)
  return {
    streams: options.pipelining,
    issue(slot) {
      const exchange = free.pop()!
      exchange.begin(slot)
      bytes.sent += options.size
      lane.send(exchange)
    },
    close: lane.close,
  }
}
