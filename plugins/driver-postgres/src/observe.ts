import type { Observer, TaskContext } from '@cloudbench/core'
import { openTask } from './client/client.ts'
import { taskError } from './connect-error.ts'
import type { PostgresOptions } from './options.ts'

/** Each counter and its column in `pg_stat_database`. Only those that never decrease. */
const counters = {
  'cache.hits': 'blks_hit',
  'cache.misses': 'blks_read',
  xact_commit: 'xact_commit',
  xact_rollback: 'xact_rollback',
  tup_returned: 'tup_returned',
  tup_fetched: 'tup_fetched',
  tup_inserted: 'tup_inserted',
  tup_updated: 'tup_updated',
  deadlocks: 'deadlocks',
  temp_files: 'temp_files',
} as const

const statistics = `SELECT ${Object.values(counters).join(', ')} FROM pg_stat_database WHERE datname = current_database()`

/** Reads the statistics of the database. */
export async function observe(context: TaskContext<PostgresOptions>): Promise<Observer> {
  let opening = openTask(context)
  await opening
  return {
    async read() {
      const last = opening
      // the server may end what is idle between two readings, which may also overlap
      if ((await last).hasEnded() && opening === last) opening = openTask(context)
      const { client, server, fault } = await opening
      const { rows } = await client.query(statistics).catch((error: unknown) => {
        throw taskError(error, server, fault())
      })
      return Object.fromEntries(
        Object.entries(counters).map(([counter, column]) => [counter, Number(rows[0]?.[column] ?? 0)]),
      )
    },
    close: async () => (await opening).close(),
  }
}
