import type { DriverContext } from '@cloudbench/core'
import type { Ledger } from '../audit/ledger.ts'
import type { OpenTopic } from '../client/topic.ts'
import type { ProduceOptions } from '../options.ts'
import { createFilling, createValueWriter } from '../payload.ts'
import { codecOf } from '../wire/compression.ts'
import { noteEnds, outletsOf } from './outlets.ts'
import { createProducer, type Producer, type ProducerOptions } from './producer.ts'

const acksOf = { all: -1, leader: 1, none: 0 } as const

export interface LedgeredProducer {
  readonly producer: Producer
  readonly writer: number
  /** Writes what a message has as its value. */
  readonly writeValue: ProducerOptions['writeValue']
}

/** A producer of the load, whose messages carry the number of its writer in the ledger. */
export async function openProducer(
  { options, seed, connection }: DriverContext<ProduceOptions>,
  { partitions, links, loss }: OpenTopic,
  ledger: Ledger,
  { stored, refused }: Pick<ProducerOptions, 'stored' | 'refused'>,
): Promise<LedgeredProducer> {
  const { topic, acks, valueSize } = options
  const writer = ledger.openWriter()
  const outlets = outletsOf(partitions, links)
  await noteEnds(ledger, outlets, topic)
  const writeValue = createValueWriter(ledger.id, writer, createFilling(seed, valueSize), valueSize)
  const producer = await createProducer({
    topic,
    outlets,
    firstOutlet: connection.index,
    acks: acksOf[acks],
    ackTimeoutMs: options.ackTimeoutMs,
    codec: codecOf(options.compression),
    batchBytes: options.batchSize,
    valueBytes: valueSize,
    writeValue,
    lingerMs: options.lingerMs,
    batchesInFlight: options.batchesInFlight,
    inFlight: options.inFlight,
    isIdempotent: options.idempotent ?? acks === 'all',
    stored(batch, baseOffset) {
      ledger.acknowledged(writer, batch, baseOffset)
      stored(batch, baseOffset)
    },
    refused,
    broken: loss.report,
  })
  return { producer, writer, writeValue }
}
