import type { DriverContext } from '@cloudbench/core'
import type { Ledger } from '../audit/ledger.ts'
import type { ProduceOptions } from '../options.ts'
import { createFilling, createValueWriter } from '../payload.ts'
import { codecOf } from '../wire/compression.ts'
import type { ProducerOptions } from './producer.ts'

const acksOf = { all: -1, leader: 1, none: 0 } as const

/** What a producer takes from the options, whatever becomes of its messages. */
export function producerOptions(
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
