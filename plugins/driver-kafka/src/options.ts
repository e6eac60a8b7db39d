import { z } from 'zod'
import { compressions, type Compression } from './wire/compression.ts'
import { countOf, durationMsOf, sizeBytesOf } from '@cloudbench/driver-kit'
import { headerBytes } from './payload.ts'

const pem = z.string().min(1)

const tls = z
  .strictObject({
    ca: pem
      .optional()
      .describe('Certificate authorities to trust instead of the usual ones: PEM text or a file'),
    cert: pem.optional().describe('Client certificate: PEM text or a file'),
    key: pem.optional().describe('Key of the client certificate: PEM text or a file'),
    servername: z
      .string()
      .optional()
      .describe('Name to ask for and to verify, instead of the host in the url'),
    rejectUnauthorized: z
      .boolean()
      .default(true)
      .describe('Whether certificates are verified. Only turn it off against a machine of your own'),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'cert and key belong together',
  })
  .optional()
  .describe('TLS, for targets that begin with kafkas://')

const topicOptions = {
  topic: z
    .string()
    .regex(/^(?!\.{1,2}$)[\w.-]{1,249}$/, { error: 'must be 1 to 249 letters, digits, dots, _ and -' })
    .default('cloudbench')
    .describe('The topic'),
  partitions: written(countOf, 'a count above 0, such as 3')
    .refine((count) => count <= 10_000, { error: 'must be at most 10000' })
    .optional()
    .describe('How many partitions it has; 1 when it is created and nothing is asked for'),
  replication: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'How many replicas each partition of a created topic has, instead of what the cluster does by itself',
    ),
  createTopic: z
    .boolean()
    .default(true)
    .describe('Whether a topic that does not exist is created, and removed again by cleanup'),
  sasl: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .default('plain')
    .describe('How user and password in the url are shown to the broker'),
  connectTimeoutMs: written(durationMsOf, 'a duration, such as 500ms, 5s or 2000 (milliseconds)')
    .default(10_000)
    .describe('How long opening a connection may take: milliseconds, or a duration such as 5s'),
  tls,
}

interface Defaults {
  readonly linger: number
  readonly compression: Compression
  readonly inFlight: number
}

function producerFields({ linger, compression, inFlight }: Defaults) {
  return {
    valueSize: written(sizeBytesOf, 'a size, such as 100, 100B or 1KB')
      .refine((bytes) => bytes >= headerBytes && bytes <= 64 * 1024 * 1024, {
        error: `must be from ${headerBytes} bytes to 64 MiB`,
      })
      .default(1_000)
      .describe('Bytes of every value'),
    compression: z.enum(compressions).default(compression).describe('How batches are compressed'),
    acks: z
      .enum(['all', 'leader', 'none'])
      .default('all')
      .describe('Who has to have a message before it counts as stored'),
    idempotent: z
      .boolean()
      .optional()
      .describe(
        'Whether the broker is to recognise a batch that it has already. Unless set: when acks is all',
      ),
    lingerMs: written((text) => (Number(text) === 0 ? 0 : durationMsOf(text)), 'a duration, such as 5ms or 0')
      .refine((ms) => ms <= 3_600_000, { error: 'must be at most an hour' })
      .default(linger)
      .describe(
        'How long a message waits for others to travel with: milliseconds, or a duration such as 5ms',
      ),
    batchSize: written(sizeBytesOf, 'a size, such as 16KiB')
      .refine((bytes) => bytes <= 64 * 1024 * 1024, { error: 'must be at most 64 MiB' })
      .default(16_384)
      .describe('Bytes of messages, before compression, with which a batch is sent at once'),
    batchesInFlight: z
      .int()
      .min(1)
      .max(1_000)
      .default(5)
      .describe('Batches that one connection may have sent and not yet heard of'),
    inFlight: written(countOf, 'a count above 0, such as 1000 or 1k')
      .refine((count) => count <= 100_000, { error: 'must be at most 100000' })
      .default(inFlight)
      .describe('Messages that may be under way on one connection at once'),
    ackTimeoutMs: written(durationMsOf, 'a duration, such as 30s')
      .default(30_000)
      .describe('How long a broker may wait for the other replicas before it answers with an error'),
  }
}

function consistent<
  T extends z.ZodType<{ acks: string; idempotent?: boolean | undefined; batchesInFlight: number }>,
>(schema: T) {
  return schema
    .refine(({ acks, idempotent }) => acks === 'all' || idempotent !== true, {
      error: 'an idempotent producer needs acks: all',
      path: ['idempotent'],
    })
    .refine(
      ({ acks, idempotent, batchesInFlight }) => batchesInFlight <= 5 || !(idempotent ?? acks === 'all'),
      {
        error:
          'brokers remember the last 5 batches of an idempotent producer; set idempotent to false for more',
        path: ['batchesInFlight'],
      },
    )
}

export const produceOptions = consistent(
  z.strictObject({
    ...topicOptions,
    ...producerFields({ linger: 5, compression: 'gzip', inFlight: 1_000 }),
  }),
)

export const roundtripOptions = consistent(
  z.strictObject({
    ...topicOptions,
    ...producerFields({ linger: 0, compression: 'none', inFlight: 1 }),
  }),
)

export const consumeOptions = z.strictObject({
  ...topicOptions,
  messages: written(countOf, 'a count above 0, such as 100000 or 100k')
    .default(100_000)
    .describe('How many messages a topic is filled with when it is created'),
  valueSize: producerFields({ linger: 0, compression: 'none', inFlight: 1 }).valueSize,
  compression: z.enum(compressions).default('gzip').describe('How these messages are compressed'),
  fetchSize: written(sizeBytesOf, 'a size, such as 64KiB')
    .refine((bytes) => bytes <= 64 * 1024 * 1024, { error: 'must be at most 64 MiB' })
    .default(65_536)
    .describe('Bytes that one request asks for, as they are stored; a broker gives at least one batch'),
  verify: z.boolean().default(true).describe('Whether every message is unpacked and looked at'),
})

export type TopicOptions = Pick<z.output<typeof produceOptions>, keyof typeof topicOptions>
export type ProduceOptions = z.output<typeof produceOptions>
export type ConsumeOptions = z.output<typeof consumeOptions>

/** A number, or a text with a unit. */
function written(read: (text: string | number) => number | undefined, expected: string) {
  return z.union([z.number(), z.string()]).transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `is not ${expected}` })
    return z.NEVER
  })
}
