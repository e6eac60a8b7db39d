import type { Connection, DriverContext, Outcome } from '@cloudbench/core'
import type { Batch } from '../wire/batch.ts'
import { clusterOf, openLinks, placesOf, type Links, type Place } from '../client/cluster.ts'
import { codecOf } from '../wire/compression.ts'
import { connectError } from '../connect-error.ts'
import { createFailure } from '../client/failure.ts'
import { sharedLedger, type Ledger } from '../audit/ledger.ts'
import type { ProduceOptions } from '../options.ts'
import { createProducer, type Outlet, type ProducerOptions } from './producer.ts'
import { errorName, isMoved, protocolError } from '../wire/protocol-errors.ts'
import { askOffset } from '../wire/requests.ts'
import { createFilling, createValueWriter } from '../payload.ts'

const acksOf = { all: -1, leader: 1, none: 0 } as const

/** Opens an asynchronous producer. A request is one message, answered when its batch is. */
export async function connectProducer(context: DriverContext<ProduceOptions>): Promise<Connection> {
  const { options, signal, connection, bytes } = context
  const cluster = await clusterOf(context)
  const ledger = await sharedLedger(context)
  const places = await placesOf(cluster, options.topic, signal)
  const stored = context.outcome('stored')
  const refused = createRefusals(context)
  const failure = createFailure()
  const links = await openLinks(cluster, places, failure.raise)
  try {
    const writer = ledger.openWriter()
    await beginBooks(ledger, links, places, options.topic)
    const producer = await createProducer({
      ...producerBasics(context, ledger, writer),
      outlets: outletsOf(places, links),
      firstOutlet: connection.index,
      stored(batch, baseOffset) {
        keepBooks(ledger, writer, batch, baseOffset)
        bytes.sent += batch.count * options.valueSize
        for (const slot of batch.slots) slot.done(stored)
      },
      refused(batch, code) {
        if (isMoved(code)) {
          failure.raise(protocolError(code, `partition ${batch.partition} of ${options.topic}`), batch)
          return
        }
        const outcome = refused(code)
        for (const slot of batch.slots) slot.done(outcome)
      },
      broken: failure.raise,
    })
    failure.onRaise = (error, batch) => {
      producer.close()
      for (const slot of [...(batch?.slots ?? []), ...producer.unanswered()]) slot.fail(error)
    }
    return {
      streams: options.inFlight,
      issue(slot) {
        if (failure.error) slot.fail(failure.error)
        else producer.append(slot)
      },
      async close() {
        producer.close()
        await links.close()
      },
    }
  } catch (error) {
    await links.close()
    throw connectError(failure.error ?? error, cluster.target.addresses[0], cluster.access)
  }
}

/** What a producer needs of the options, whatever becomes of its messages. */
export function producerBasics(
  { options, seed }: DriverContext<ProduceOptions>,
  ledger: Ledger,
  writer: number,
): Omit<ProducerOptions, 'outlets' | 'firstOutlet' | 'stored' | 'refused' | 'broken'> {
  const { topic, acks, valueSize } = options
  return {
    topic,
    acks: acksOf[acks],
    ackTimeoutMs: options.ackTimeoutMs,
    codec: codecOf(options.compression),
    batchBytes: options.batchSize,
    valueBytes: valueSize,
    writeValue: createValueWriter(ledger.id, writer, createFilling(seed, valueSize), valueSize),
    lingerMs: options.lingerMs,
    batchesInFlight: options.batchesInFlight,
    inFlight: options.inFlight,
    isIdempotent: options.idempotent ?? acks === 'all',
  }
}

export function outletsOf(places: readonly Place[], links: Links): [Outlet, ...Outlet[]] {
  const outlets = places.map(({ partition, leader }) => ({
    partition,
    link: links.to(leader),
    nextSequence: 0,
  }))
  return outlets as [Outlet, ...Outlet[]]
}

/** Notes where the partitions end before anything is written. */
export async function beginBooks(
  ledger: Ledger,
  links: Links,
  places: readonly Place[],
  topic: string,
): Promise<void> {
  await Promise.all(
    places.map(async ({ partition, leader }) => {
      if (!ledger.begun().has(partition))
        ledger.begin(partition, await askOffset(links.to(leader), topic, partition, 'latest'))
    }),
  )
}

export function keepBooks(ledger: Ledger, writer: number, batch: Batch, baseOffset: number): void {
  // without acknowledgements nobody knows
  if (baseOffset >= 0)
    ledger.acknowledged(writer, batch.partition, baseOffset, batch.firstSequence, batch.count)
}

/** Outcomes for what a broker refuses, by the protocol's names. */
export function createRefusals({ outcome }: Pick<DriverContext, 'outcome'>): (code: number) => Outcome {
  const known = new Map<number, Outcome>()
  return (code) => {
    const made = known.get(code) ?? outcome(errorName(code), { ok: false })
    known.set(code, made)
    return made
  }
}
