import { createHash } from 'node:crypto'
import type { Facts, TaskContext } from '@cloudbench/core'
import { openClient, type OpenClient } from './client/client.ts'
import { createKeyspace } from './payload/keyspace.ts'
import type { RedisOptions } from './options.ts'

/** Commands that are under way at once while keys are written, read back or removed. */
const batchSize = 1_000

/** Writes every key once, unless a mark says that this was done before, with keys and values of the same kind. */
export async function prepare(context: TaskContext<RedisOptions>): Promise<Facts> {
  const { options } = context
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
    for await (const batch of batchesOf(keys, context.signal))
      await Promise.all(
        batch.map((index) => client.set(keyspace.keyOf(index), keyspace.valueOf(index, 0, 0))),
      )
    await client.set(markOf(options), mark)
    return { keys, valueSize, preloaded: true }
  })
}

/** Removes what `prepare` wrote, key by key: nothing else can be hit by accident. */
export async function cleanup(context: TaskContext<RedisOptions>): Promise<void> {
  const { options, signal } = context
  await withClient(context, async ({ client }) => {
    const { keyOf } = createKeyspace(options)
    await client.unlink(markOf(options))
    for await (const batch of batchesOf(options.keys, signal))
      await Promise.all(batch.map((index) => client.unlink(keyOf(index))))
  })
}

/** The indices, a batch at a time. */
export async function* batchesOf(
  keys: number | readonly number[],
  signal: AbortSignal,
): AsyncGenerator<number[]> {
  const total = typeof keys === 'number' ? keys : keys.length
  for (let from = 0; from < total; from += batchSize) {
    signal.throwIfAborted()
    const count = Math.min(batchSize, total - from)
    yield typeof keys === 'number'
      ? Array.from({ length: count }, (_, at) => from + at)
      : keys.slice(from, from + count)
  }
}

export async function withClient<T>(
  context: TaskContext<RedisOptions>,
  work: (opened: OpenClient) => Promise<T>,
): Promise<T> {
  const opened = await openClient(context)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

function markOf({ prefix }: RedisOptions): string {
  return `${prefix}preloaded`
}
