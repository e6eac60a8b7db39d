import type { AuditResult, TaskContext } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { withClient } from '../client/client.ts'
import type { RedisOptions } from '../options.ts'
import { batchesOf } from '../payload/batches.ts'
import { createKeyspace } from '../payload/keyspace.ts'
import { sharedLedger } from './ledger.ts'

/** Reads back what was written, and reports what the reads of the load have found. */
export async function audit(context: TaskContext<RedisOptions>): Promise<readonly AuditResult[]> {
  const readings = await sharedReadings(context)
  return [...(await auditWrites(context)), readings.finding()]
}

/** Reads back every key for which this worker has an acknowledged write. */
async function auditWrites(context: TaskContext<RedisOptions>): Promise<readonly AuditResult[]> {
  const ledger = await sharedLedger(context)
  const written = ledger.written()
  if (written.length === 0) return ledger.findings()
  await withClient(context, async ({ client }) => {
    const keyspace = createKeyspace(context.options)
    for await (const batch of batchesOf(written, context)) {
      const values = await Promise.all(batch.map((index) => client.getBuffer(keyspace.keyOf(index))))
      for (const [at, index] of batch.entries()) {
        const value = values[at] ?? null
        ledger.compare(index, value === null ? 'missing' : (keyspace.parse(value) ?? 'foreign'))
      }
    }
  })
  return ledger.findings()
}
