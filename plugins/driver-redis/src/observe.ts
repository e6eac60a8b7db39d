import type { Observer, TaskContext } from '@cloudbench/core'
import { openClient } from './client/client.ts'
import type { RedisOptions } from './options.ts'

/** Of the statistics that Redis keeps, those that only ever grow. */
const cumulative = [
  'keyspace_hits',
  'keyspace_misses',
  'evicted_keys',
  'expired_keys',
  'total_commands_processed',
  'rejected_connections',
] as const

/** Reads the server's own statistics; hits and misses make the residency. */
export async function observe(context: TaskContext<RedisOptions>): Promise<Observer> {
  // one node of a cluster would be a part that looks like the whole
  if (context.options.cluster) return { read: () => ({}), close: () => {} }
  const { client, close } = await openClient(context)
  return {
    async read() {
      const text = String(await client.call('INFO', 'stats'))
      return Object.fromEntries(
        cumulative.flatMap((name) => {
          const value = new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1]
          return value === undefined ? [] : [[name, Number(value)]]
        }),
      )
    },
    close,
  }
}
