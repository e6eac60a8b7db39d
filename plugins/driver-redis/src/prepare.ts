import { createHash } from 'node:crypto'
import type { Facts, TaskContext } from '@cloudbench/core'
import { withClient } from './client/client.ts'
import type { RedisOptions } from './options.ts'
import { batchesOf } from './payload/batches.ts'
import { createKeyspace } from './payload/keyspace.ts'

/** Writes every key once, unless a mark in the database says that the same keys and values are already there. */
export async function prepare(context: TaskContext<RedisOptions>): Promise<Facts> {
  const { options, signal } = context
  if (!options.preload) return { preloaded: false }
  const { keys, valueSize } = options
  return await withClient(context, async ({ client }) => {
    const keyspace = createKeyspace(options)
    const mark = createHash('sha256')
      .update(JSON.stringify([1, keys, valueSize]))
      .digest('hex')
      .slice(0, 16)
    const known = await client.get(markOf(options))
    // the mark may have outlived the data
    const last = known === mark ? await client.strlen(keyspace.keyOf(keys - 1)) : 0
    if (last === valueSize) return { keys, valueSize, preloaded: 'before' }
    for await (const batch of batchesOf(keys, signal))
      await Promise.all(
        batch.map((index) => client.set(keyspace.keyOf(index), keyspace.valueOf(index, 0, 0))),
      )
    await client.set(markOf(options), mark)
    return { keys, valueSize, preloaded: true }
  })
}

/** Removes what `prepare` wrote, key by key, so nothing else can be removed by accident. */
export async function cleanup(context: TaskContext<RedisOptions>): Promise<void> {
  const { options, signal } = context
  await withClient(context, async ({ client }) => {
    const { keyOf } = createKeyspace(options)
    await client.unlink(markOf(options))
    for await (const batch of batchesOf(options.keys, signal))
      await Promise.all(batch.map((index) => client.unlink(keyOf(index))))
  })
}

function markOf({ prefix }: RedisOptions): string {
  return `${prefix}preloaded`
}
