import type { DriverContext } from '@cloudbench/core'
import type { Ledger } from '../audit/ledger.ts'
import type { OpenTopic } from '../client/topic.ts'
import type { Lane, Producer, ProducerOptions } from '../lanes/lane.ts'
import { isIdempotent, type ProduceOptions } from '../options.ts'
import { createFilling, createValueWriter } from '../payload.ts'
import { askOffset } from '../wire/requests.ts'

const acksOf = { all: -1, leader: 1, none: 0 } as const

export interface LedgeredProducer {
  readonly producer: Producer
  readonly writer: number
  /** Writes what a message has as its value. */
  readonly writeValue: ProducerOptions['writeValue']
}

/** A producer of the load, whose messages carry the number of its writer in the ledger. */
export async function openProducer(
  { options, seed, connection, trace }: DriverContext<ProduceOptions>,
  lane: Lane,
  opened: OpenTopic,
  ledger: Ledger,
  { stored, refused }: Pick<ProducerOptions, 'stored' | 'refused'>,
): Promise<LedgeredProducer> {
  const { topic, acks, valueSize } = options
  const writer = ledger.openWriter()
  await noteEnds(ledger, opened, topic)
  const writeValue = createValueWriter(ledger.id, writer, createFilling(seed, valueSize), valueSize)
  const producing: ProducerOptions = {
    topic,
    firstPartition: connection.index,
    acks: acksOf[acks],
    ackTimeoutMs: options.ackTimeoutMs,
    compression: options.compression,
    batchBytes: options.batchSize,
    valueBytes: valueSize,
    writeValue,
    lingerMs: options.lingerMs,
    batchesInFlight: options.batchesInFlight,
    inFlight: options.inFlight,
    isIdempotent: isIdempotent(options),
    trace,
    stored(batch, baseOffset) {
      ledger.acknowledged(writer, batch, baseOffset)
      stored(batch, baseOffset)
    },
    refused,
    broken: opened.loss.report,
  }
  if (!lane.keepsOrder(producing)) ledger.isUnordered = true
  const producer = await lane.openProducer(opened, producing)
  return { producer, writer, writeValue }
}

/** Notes where the partitions end before anything is written to them: before the end of before, if a topic was made anew. */
async function noteEnds(ledger: Ledger, { partitions, links }: OpenTopic, topic: string): Promise<void> {
  await Promise.all(
    partitions.map(async ({ partition, leader }) => {
      ledger.begin(partition, await askOffset(links.to(leader), topic, partition, 'latest'))
    }),
  )
}
