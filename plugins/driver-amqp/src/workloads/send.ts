import type { Connection, DriverContext, Slot } from '@cloudbench/core'
import type { Delivery } from 'rhea'
import { queueOf } from '../client/address.ts'
import { openBrokerConnection, type BrokerConnection } from '../client/client.ts'
import { machineNowMs } from '../clock.ts'
import { createEnvelope, type Draft } from '../payload.ts'
import { ledgerOf, type Track } from '../audit/ledger.ts'
import type { AmqpOptions, SendOptions } from '../options.ts'
import { createOutbox, createPresettledOutbox, tagOf, type Outbox, type Parcel } from './outbox.ts'
import { createOutcomes, type Outcomes } from '../outcomes.ts'

/** One request of `send`: done when the broker has settled the message or, at most once, when it has left. */
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

  fail(error: Error): void {
    const slot = this.slot
    this.slot = undefined
    slot?.fail(error)
  }

  #take(): Slot | undefined {
    const slot = this.slot
    this.slot = undefined
    this.#free.push(this)
    return slot
  }
}

/** Opens one connection, and sends one message after another on it. */
export async function connectSender(context: DriverContext<SendOptions>): Promise<Connection> {
  const { options, bytes, connection: at } = context
  const queue = queueOf(options, context.worker)
  const ledger = ledgerOf(context.target, queue)
  const opened = await openBrokerConnection(context, { queue, sends: true })
  const track = ledger.openTrack(context.flow, at.index)
  const envelope = createEnvelope(options, { run: ledger.run, track: track.id })
  const outcomes = createOutcomes(context.outcome)
  const free: SendExchange[] = []
  const exchanges = Array.from(
    { length: options.pipelining },
    (_, number) => new SendExchange(number, envelope.createDraft(number), outcomes, free),
  )
  free.push(...exchanges.toReversed())
  const outbox = outboxOf(opened, options, { envelope, track, parcels: exchanges })
  opened.onFault = (error) => {
    for (const exchange of exchanges) exchange.fail(error)
  }
  return {
    streams: options.pipelining,
    issue(slot) {
      const exchange = free.pop()!
      exchange.slot = slot
      bytes.sent += options.size
      outbox.send(exchange, machineNowMs(), slot.traceparent)
    },
    close: opened.close,
  }
}

/** The sending side of a connection that was opened with a sender. */
export function outboxOf(
  opened: BrokerConnection,
  { settlement }: Pick<AmqpOptions, 'settlement'>,
  options: {
    readonly envelope: ReturnType<typeof createEnvelope>
    readonly track: Track
    readonly parcels: readonly Parcel[]
  },
): Outbox {
  const sender = opened.sender!
  if (settlement === 'at-least-once') return createOutbox({ sender, ...options })
  const outbox = createPresettledOutbox({ sender, ...options })
  opened.onInput = outbox.check
  return outbox
}
