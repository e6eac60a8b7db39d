import type { Observer, TaskContext } from '@cloudbench/core'
import { openClient } from './client/client.ts'
import { taskError } from './connect-error.ts'
import type { RedisOptions } from './options.ts'
import { parseTarget } from './target.ts'

/** Each counter and its name in `INFO stats`. Only those that never decrease. */
const counters = {
  'cache.hits': 'keyspace_hits',
  'cache.misses': 'keyspace_misses',
  evicted_keys: 'evicted_keys',
  expired_keys: 'expired_keys',
  total_commands_processed: 'total_commands_processed',
  rejected_connections: 'rejected_connections',
} as const

/** Reads the server's own statistics. */
export async function observe(context: TaskContext<RedisOptions>): Promise<Observer> {
  // one node of a cluster would pass for the whole cluster
  if (context.options.cluster) return { read: () => ({}), close: () => {} }
  let opening = openClient(context)
  await opening
  return {
    async read() {
      const last = opening
      // the server may close what is idle between two readings, which may also overlap
      if ((await last).client.status === 'end' && opening === last) opening = openClient(context)
      const { client } = await opening
      const stats = String(
        await client.call('INFO', 'stats').catch((error: unknown) => {
          throw taskError(error, parseTarget(context.target))
        }),
      )
      return Object.fromEntries(
        Object.entries(counters).flatMap(([counter, name]) => {
          const value = new RegExp(`^${name}:(\\d+)`, 'm').exec(stats)?.[1]
          return value === undefined ? [] : [[counter, Number(value)]]
        }),
      )
    },
    close: async () => (await opening).close(),
  }
}
