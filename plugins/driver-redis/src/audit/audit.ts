import type { AuditResult, TaskContext } from '@cloudbench/core'
import { sharedLedger } from '../workloads/connection.ts'
import { createKeyspace } from '../payload/keyspace.ts'
import type { RedisOptions } from '../options.ts'
import { batchesOf, withClient } from '../prepare.ts'

/** Reads back every key that this worker has an acknowledged write of. */
export async function audit(context: TaskContext<RedisOptions>): Promise<readonly AuditResult[]> {
  const ledger = await sharedLedger(context)
  const written = ledger.written()
  if (written.length === 0) return ledger.findings()
  await withClient(context, async ({ client }) => {
    const keyspace = createKeyspace(context.options)
    for await (const batch of batchesOf(written, context.signal)) {
      const values = await Promise.all(batch.map((index) => client.getBuffer(keyspace.keyOf(index))))
      for (const [at, index] of batch.entries()) {
        const value = values[at] ?? null
        ledger.judge(index, value === null ? 'missing' : (keyspace.parse(value) ?? 'foreign'))
      }
    }
  })
  return ledger.findings()
}
