import type { Observer, TaskContext } from '@cloudbench/core'
import { withoutTimeout } from './client/client.ts'
import type { PostgresOptions } from './options.ts'

/** Of what PostgreSQL counts for a database, all that only ever grows. */
const cumulative = [
  'blks_hit',
  'blks_read',
  'xact_commit',
  'xact_rollback',
  'tup_returned',
  'tup_fetched',
  'tup_inserted',
  'tup_updated',
  'deadlocks',
  'temp_files',
] as const

/** Reads the statistics of the database; blocks hit and read make the residency of the buffer cache. */
export async function observe(context: TaskContext<PostgresOptions>): Promise<Observer> {
  const { client, close } = await withoutTimeout(context)
  return {
    async read() {
      const { rows } = await client.query(
        `SELECT ${cumulative.join(', ')} FROM pg_stat_database WHERE datname = current_database()`,
      )
      return Object.fromEntries(cumulative.map((name) => [name, Number(rows[0]?.[name] ?? 0)]))
    },
    close,
  }
}
