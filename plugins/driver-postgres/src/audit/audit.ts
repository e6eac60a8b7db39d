import type { AuditResult, TaskContext } from '@cloudbench/core'
import { finding, sharedReadings } from '@cloudbench/driver-kit'
import { escapeLiteral } from 'pg'
import { withClient } from '../client/client.ts'
import type { PgClient } from '../client/pg-client.ts'
import type { MixedOptions, PostgresOptions, ReadOptions, WriteOptions } from '../options.ts'
import { createDocumentShape } from '../payload.ts'
import { settleRetries } from '../workloads/retries.ts'
import { tablesOf } from '../workloads/tables.ts'
import { sharedLedger } from './ledger.ts'
import { createSightings, type Stored } from './sightings.ts'

/** Rows that are read back at once. */
const fetchRows = 10_000

/** Reports what the reads of the load have found. */
export async function auditReads(
  context: TaskContext<ReadOptions | MixedOptions>,
): Promise<readonly AuditResult[]> {
  return [(await sharedReadings(context)).finding()]
}

/** Reads back every document that this worker has written, and compares it with what was acknowledged. */
export async function auditDocuments(context: TaskContext<WriteOptions>): Promise<readonly AuditResult[]> {
  const { schema, documentSize } = context.options
  const text = escapeLiteral(createDocumentShape(documentSize).text)
  const isIntact = `bool_and(coalesce(document->>'sequence' = lpad(sequence::text, 16, '0') AND document->>'text' = ${text}, false))`
  return await auditWrites(context, {
    from: tablesOf(schema).documents,
    isIntact,
    copies: 1,
    what: 'documents',
  })
}

/** Reads back what every transaction has left in the history; one worker compares the rows with all of the history. */
export async function auditTransactions(context: TaskContext<MixedOptions>): Promise<readonly AuditResult[]> {
  const { options, worker } = context
  const { updates, schema } = options
  if (options.conflicts === 'retry') await settleRetries(context)
  const writes = await auditWrites(context, {
    from: tablesOf(schema).history,
    isIntact: undefined,
    copies: updates,
    what: 'transactions',
  })
  const balance =
    worker.index === 0 ? [await withClient(context, (opened) => auditBalance(opened, schema))] : []
  return [...writes, ...balance, ...(await auditReads(context))]
}

interface Question {
  readonly from: string
  /** An aggregate that says whether all copies are as they were sent, where the rows show it. */
  readonly isIntact: string | undefined
  /** How many rows one write leaves. */
  readonly copies: number
  readonly what: string
}

async function auditWrites(
  context: TaskContext<PostgresOptions>,
  question: Question,
): Promise<readonly AuditResult[]> {
  const ledger = await sharedLedger(context)
  const { what, copies, isIntact } = question
  const sightings = createSightings(ledger, { what, copies, hasContent: isIntact !== undefined })
  if (ledger.begun === 0) return sightings.findings()
  await withClient(context, async (opened) => {
    for await (const rows of storedBy(opened, ledger.writer, question, context.signal))
      for (const row of rows) sightings.add(row)
  })
  return sightings.findings()
}

/**
 * Of writes that follow one another and are stored in the same way, the server says the first and the last, so that a sound
 * load is read back in a few rows. A cursor, since an unsound one may have more than fit into memory.
 */
async function* storedBy(
  { client }: PgClient,
  writer: number,
  { from, isIntact = 'true' }: Question,
  signal: AbortSignal,
): AsyncGenerator<readonly Stored[]> {
  await client.query(
    `BEGIN; DECLARE cloudbench_audit CURSOR FOR ` +
      `SELECT min(sequence) AS first, max(sequence) AS last, copies, intact FROM ` +
      `(SELECT *, sequence - row_number() OVER (PARTITION BY copies, intact ORDER BY sequence) AS stretch FROM ` +
      `(SELECT sequence, count(*) AS copies, (${isIntact})::text AS intact FROM ${from} WHERE writer = ${writer} GROUP BY sequence) AS writes` +
      `) AS stretches GROUP BY copies, intact, stretch`,
  )
  for (;;) {
    signal.throwIfAborted()
    const { rows } = await client.query(`FETCH ${fetchRows} FROM cloudbench_audit`)
    if (rows.length === 0) break
    yield rows.map(({ first, last, copies, intact }) => ({
      first: Number(first),
      last: Number(last),
      copies: Number(copies),
      isIntact: intact === 'true',
    }))
  }
  await client.query('COMMIT')
}

/** One statement sees one snapshot, so transactions that are still running do no harm. */
async function auditBalance({ client }: PgClient, schema: string): Promise<AuditResult> {
  const { items, history } = tablesOf(schema)
  const { rows } = await client.query(
    `SELECT count(*) AS examined, count(*) FILTER (WHERE version IS DISTINCT FROM added) AS violations ` +
      `FROM (SELECT id, version FROM ${items} WHERE version <> 0) AS changed ` +
      `FULL JOIN (SELECT item AS id, sum(delta) AS added FROM ${history} GROUP BY item) AS booked USING (id)`,
  )
  const [examined, violations] = [Number(rows[0]?.['examined']), Number(rows[0]?.['violations'])]
  const message = `${violations} rows are not the sum of their history`
  return finding('rows are the sum of their history', examined, violations, message)
}
