import type { Facts, TaskContext } from '@cloudbench/core'
import { withClient, type OpenClient } from './client/client.ts'
import type { RedisOptions } from './options.ts'
import { batchesOf } from './payload/batches.ts'
import { createKeyspace, type Keyspace } from './payload/keyspace.ts'

type Client = OpenClient['client']

/** Of that many keys, one has its whole value read. */
const keysPerSample = 10

/** Looks at every key, and writes those that are missing or wrong. */
export async function prepare(context: TaskContext<RedisOptions>): Promise<Facts> {
  const { options } = context
  if (!options.preload) return { preloaded: false }
  const { keys, valueSize } = options
  return await withClient(context, async ({ client }) => {
    const keyspace = createKeyspace(options)
    let written = 0
    for await (const batch of batchesOf(keys, context)) {
      const faulty = await faultyOf(client, keyspace, batch, valueSize)
      await Promise.all(
        faulty.map((index) => client.set(keyspace.keyOf(index), keyspace.valueOf(index, 0, 0))),
      )
      written += faulty.length
    }
    return { keys, valueSize, preloaded: written === 0 ? 'before' : true }
  })
}

/** Removes what `prepare` wrote, key by key, so nothing else can be removed by accident. */
export async function cleanup(context: TaskContext<RedisOptions>): Promise<void> {
  const { options } = context
  await withClient(context, async ({ client }) => {
    const { keyOf } = createKeyspace(options)
    for await (const batch of batchesOf(options.keys, context))
      await Promise.all(batch.map((index) => client.unlink(keyOf(index))))
  })
}

/** The keys to write: those without a value of the right size, or all when the sample has a value of someone else. */
async function faultyOf(
  client: Client,
  { keyOf, isValueOf }: Keyspace,
  batch: readonly number[],
  valueSize: number,
): Promise<readonly number[]> {
  const lengths = await Promise.all(batch.map((index) => lengthOf(client, keyOf(index))))
  const isFaulty = (at: number): boolean => lengths[at] !== valueSize
  const sample = batch.filter((_, at) => at % keysPerSample === 0 && !isFaulty(at))
  const values = await Promise.all(sample.map((index) => client.getBuffer(keyOf(index))))
  const isOurs = values.every((value, at) => value !== null && isValueOf(sample[at]!, value))
  return isOurs ? batch.filter((_, at) => isFaulty(at)) : batch
}

/** The size of a value in bytes: 0 without one, or with another type, which writing replaces. */
async function lengthOf(client: Client, key: string): Promise<number> {
  return await client.strlen(key).catch((error: Error) => {
    if (error.message.startsWith('WRONGTYPE')) return 0
    throw error
  })
}
