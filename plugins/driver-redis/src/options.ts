import { clientOption, count, duration, options, share, size, tls } from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'
import { clients } from './clients.ts'

/** Room for the header at the start of every value. */
const smallestValueBytes = 40

/** A value carries the number of its key in ten digits. */
const mostKeys = 10_000_000_000

const client = clientOption(clients)
/** Which one it is by default depends on `cluster`: `withClient` fills it in. */
const clientOrNone = client.unwrap().optional().describe(client.description!) as unknown as typeof client

/** The options of a workload, with its default share of reads. */
export function loadOptions(reads: number) {
  const schema = options({
    client: clientOrNone,
    reads: share().default(reads).describe('Share of GETs, such as 90%; the rest are SETs'),
    keys: count({ max: mostKeys }).default(10_000).describe('Number of keys, such as 10k'),
    prefix: z
      .string()
      .regex(/^[!-~]{1,100}$/, { error: 'must be 1 to 100 printable ASCII characters without spaces' })
      .default('cloudbench:')
      .describe('Prefix of every key'),
    valueSize: size({ min: smallestValueBytes }).default(100).describe('Size of every value, such as 1KB'),
    distribution: z
      .enum(['uniform', 'zipf'])
      .default('uniform')
      .describe('How keys are picked: all equally often, or a few much more often than the rest'),
    theta: z.number().positive().max(10).default(0.99).describe('Exponent of the Zipf distribution'),
    pipelining: count({ max: 10_000 })
      .default(1)
      .describe('Requests that may be in flight on one connection at once'),
    autoPipelining: z
      .boolean()
      .optional()
      .describe('Whether ioredis sends the commands of a turn of the event loop as one pipeline'),
    preload: z
      .boolean()
      .default(true)
      .describe('Whether every key is written before the load, which makes a miss an error'),
    verify: z.boolean().default(true).describe('Whether values read are compared with what was written'),
    cluster: z.boolean().default(false).describe('Whether the target is a node of a Redis Cluster'),
    connectTimeoutMs: duration()
      .default(10_000)
      .describe('How long opening a connection may take, such as 5s'),
    tls: tls('rediss://'),
  })
  return schema
    .overwrite((given) => ({ ...given, client: given.client ?? (given.cluster ? 'ioredis' : 'wire') }))
    .superRefine(({ client: name, cluster, autoPipelining }, { addIssue }) => {
      if (cluster && name !== 'ioredis')
        addIssue({
          code: 'custom',
          path: ['client'],
          message: `${name} speaks to one server, and cluster: true needs client: ioredis`,
        })
      if (autoPipelining !== undefined && name !== 'ioredis')
        addIssue({
          code: 'custom',
          path: ['autoPipelining'],
          message: `is an option of ioredis, and this is client: ${name}; write client: ioredis, or leave it out`,
        })
    })
}

export type RedisOptions = z.output<ReturnType<typeof loadOptions>>
