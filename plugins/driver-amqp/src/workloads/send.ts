import { defineWorkload, type Connection, type DriverContext, type Slot } from '@cloudbench/core'
import type { Delivery } from 'rhea'
import { audit } from '../audit/audit.ts'
import { ledgerOf } from '../audit/ledger.ts'
import { queueOf } from '../client/address.ts'
import { openClient } from '../client/client.ts'
import { sendOptions, type SendOptions } from '../options.ts'
import { createOutcomes, type Outcomes } from '../outcomes.ts'
import { machineNowMs } from '../payload/clock.ts'
import { createEnvelope, type Draft } from '../payload/envelope.ts'
import { cleanup, prepareQueues } from '../prepare.ts'
import { outboxOf, tagOf, type Parcel } from './outbox.ts'

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
  readonly draft: Draft
  readonly tag: Buffer
  readonly #outcomes: Outcomes
  readonly #free: SendExchange[]
  slot: Slot | undefined
  sequence = 0

  constructor(number: number, draft: Draft, outcomes: Outcomes, free: SendExchange[]) {
    this.draft = draft
    this.tag = tagOf(number)
    this.#outcomes = outcomes
    this.#free = free
  }

  left(): void {
    this.#take()?.done(this.#outcomes.sent)
  }

  accepted(): void {
    this.#take()?.done(this.#outcomes.accepted)
  }

  refused(state: Delivery['remote_state']): void {
    this.#take()?.done(this.#outcomes.refused(state))
  }

  #take(): Slot | undefined {
    const slot = this.slot
    this.slot = undefined
    this.#free.push(this)
    return slot
  }
}

/** Opens one connection that sends messages. */
async function connect(context: DriverContext<SendOptions>): Promise<Connection> {
  const { options, bytes, connection: at } = context
  const queue = queueOf(options, context.worker)
  const ledger = await ledgerOf(context, queue)
  const client = await openClient(context, { queue, sends: true })
  const track = ledger.openTrack(context.flow, at.index)
  const envelope = createEnvelope(options, { run: ledger.run, track: track.id })
  const outcomes = createOutcomes(context.outcome)
  const free: SendExchange[] = []
  const exchanges = Array.from(
    { length: options.pipelining },
    (_, number) => new SendExchange(number, envelope.createDraft(number), outcomes, free),
  )
  free.push(...exchanges.toReversed())
  const outbox = outboxOf(client, options, { envelope, track, parcels: exchanges })
  client.broken.catch(context.lost)
  return {
    streams: options.pipelining,
    issue(slot) {
      const exchange = free.pop()!
      exchange.slot = slot
      bytes.sent += options.size
      outbox.send(exchange, machineNowMs())
    },
    close: client.close,
  }
}
