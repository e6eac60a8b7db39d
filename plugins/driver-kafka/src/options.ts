import { clientOption, count, duration, options, size, tls } from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'
import { clients, type ClientName } from './clients.ts'
import { headerBytes } from './payload.ts'
import { compressions, type Compression } from './wire/compression.ts'

const largestBytes = 64 * 1024 * 1024

const topicOptions = {
  client: clientOption(clients),
  topic: z
    .string()
    .regex(/^(?!\.{1,2}$)[\w.-]{1,249}$/, { error: 'must be 1 to 249 letters, digits, dots, _ and -' })
    .default('cloudbench')
    .describe('The topic'),
  partitions: count({ max: 10_000 })
    .optional()
    .describe('Number of partitions. Default: that of the topic, or 1 when it is created'),
  replication: count({ max: 100 })
    .optional()
    .describe('Replicas of each partition of a created topic. Default: that of the cluster'),
  createTopic: z
    .boolean()
    .default(true)
    .describe('Whether to create a topic that does not exist; cleanup removes it again'),
  connectTimeoutMs: duration().default(10_000).describe('How long opening a connection may take: 500ms, 5s'),
  sasl: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .default('plain')
    .describe('How to authenticate with the user and password in the url'),
  tls: tls('kafkas://'),
}

const valueSize = size({ min: headerBytes, max: largestBytes }).default(1_000).describe('Size of every value')

interface Defaults {
  readonly lingerMs: number
  readonly compression: Compression
  readonly inFlight: number
}

function producerFields({ lingerMs, compression, inFlight }: Defaults) {
  return {
    valueSize,
    compression: z.enum(compressions).default(compression).describe('How to compress batches'),
    acks: z
      .enum(['all', 'leader', 'none'])
      .default('all')
      .describe('Who must have a message before it counts: all in-sync replicas, the leader, or no one'),
    idempotent: z
      .boolean()
      .optional()
      .describe(
        'Whether the broker recognises a batch that it already has. Default: true with client wire and acks: all',
      ),
    lingerMs: duration({ min: 0, max: 3_600_000 })
      .default(lingerMs)
      .describe(
        'How long a message waits for others to travel with: 5ms. With 0, for those of the same turn',
      ),
    batchSize: size({ max: largestBytes })
      .default(16_384)
      .describe('Size, before compression, at which a batch is sent at once'),
    batchesInFlight: count({ max: 1_000 })
      .default(5)
      .describe('Batches that one connection may have in flight'),
    inFlight: count({ max: 100_000 })
      .default(inFlight)
      .describe('Messages that one connection may have in flight'),
    ackTimeoutMs: duration()
      .default(30_000)
      .describe('How long a broker may wait for other replicas before it answers with an error'),
  }
}

interface Sending {
  readonly client: ClientName
  readonly acks: string
  readonly idempotent?: boolean | undefined
  readonly batchesInFlight: number
}

/** Client libraries are idempotent only when they are told to be. */
export function isIdempotent({ client, acks, idempotent }: Omit<Sending, 'batchesInFlight'>): boolean {
  return idempotent ?? (client === 'wire' && acks === 'all')
}

function consistent<T extends z.ZodType<Sending>>(schema: T) {
  return schema
    .refine(({ acks, idempotent }) => acks === 'all' || idempotent !== true, {
      error: 'an idempotent producer needs acks: all',
      path: ['idempotent'],
    })
    .refine((sending) => sending.batchesInFlight <= 5 || !isIdempotent(sending), {
      error:
        'brokers remember the last 5 batches of an idempotent producer; set idempotent to false for more',
      path: ['batchesInFlight'],
    })
}

export const produceOptions = consistent(
  options({
    ...topicOptions,
    ...producerFields({ lingerMs: 5, compression: 'gzip', inFlight: 1_000 }),
  }),
)

export const roundtripOptions = consistent(
  options({
    ...topicOptions,
    ...producerFields({ lingerMs: 0, compression: 'none', inFlight: 1 }),
  }),
)

export const consumeOptions = options({
  ...topicOptions,
  messages: count().default(100_000).describe('Messages that a created topic is filled with'),
  valueSize,
  compression: z.enum(compressions).default('gzip').describe('How to compress these messages'),
  fetchSize: size({ max: largestBytes })
    .default(65_536)
    .describe('Size of one fetch, as stored; a broker returns at least one batch'),
  verify: z
    .boolean()
    .default(true)
    .describe(
      'Whether to compare checksums and decompress every message; without, only the broker is measured',
    ),
})
  .refine(({ client }) => client !== 'platformatic', {
    error:
      '@platformatic/kafka cannot go back to the beginning of a partition while it reads; set client to wire or kafkajs',
    path: ['client'],
  })
  .refine(({ client, verify }) => verify || client === 'wire', {
    error: 'a client library always unpacks what it reads; leave verify out, or set client to wire',
    path: ['verify'],
  })

export type TopicOptions = Pick<z.output<typeof produceOptions>, keyof typeof topicOptions>
export type ProduceOptions = z.output<typeof produceOptions>
export type ConsumeOptions = z.output<typeof consumeOptions>
