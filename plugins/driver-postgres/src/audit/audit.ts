import type { AuditResult, TaskContext } from '@cloudbench/core'
import { escapeLiteral } from 'pg'
import { withClient, type OpenClient } from '../client/client.ts'
import { sharedLedger, type WriteLedger } from './ledger.ts'
import type { MixedOptions, PostgresOptions, WriteOptions } from '../options.ts'
import { createDocumentShape } from '../payload.ts'
import type { Retries } from '../workloads/retries.ts'
import { tablesOf } from '../workloads/tables.ts'

/** Rows that are read back at once. */
const fetchRows = 10_000

/** What is stored of one write. */
interface Stored {
  readonly sequence: number
  readonly copies: number
  readonly isIntact: boolean
}

/** Reads back every document that this worker has written, and holds it against what was acknowledged. */
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

/** Reads back what every transaction has left in the history; one worker holds the rows against all of the history. */
export async function auditTransactions(context: TaskContext<MixedOptions>): Promise<readonly AuditResult[]> {
  const { options, share, flow, worker } = context
  const { updates, schema } = options
  if (options.conflicts === 'retry')
    await (await share<Retries>(`postgres retries ${flow}`, noRetries)).settled()
  const findings = await auditWrites(context, {
    from: tablesOf(schema).history,
    isIntact: undefined,
    copies: updates,
    what: 'transactions',
  })
  if (worker.index !== 0) return findings
  return [...findings, await withClient(context, (opened) => auditBalance(opened, schema))]
}

interface Question {
  readonly from: string
  /** An aggregate that says whether all copies are as they were sent, where that can be told. */
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
  const judge = createJudge(ledger, question)
  if (ledger.begun === 0) return judge.findings()
  await withClient(context, async (opened) => {
    for await (const rows of storedBy(opened, ledger.writer, question, context.signal))
      for (const row of rows) judge.see(row)
  })
  return judge.findings()
}

/** Through a cursor, since there may be more writes than fit into memory as rows. */
async function* storedBy(
  { client }: OpenClient,
  writer: number,
  { from, isIntact = 'true' }: Question,
  signal: AbortSignal,
): AsyncGenerator<readonly Stored[]> {
  await client.query(
    `BEGIN; DECLARE cloudbench_audit CURSOR FOR SELECT sequence, count(*) AS copies, (${isIntact})::text AS intact FROM ${from} WHERE writer = ${writer} GROUP BY sequence`,
  )
  for (;;) {
    signal.throwIfAborted()
    const { rows } = await client.query(`FETCH ${fetchRows} FROM cloudbench_audit`)
    if (rows.length === 0) break
    yield rows.map(({ sequence, copies, intact }) => ({
      sequence: Number(sequence),
      copies: Number(copies),
      isIntact: intact === 'true',
    }))
  }
  await client.query('COMMIT')
}

function createJudge(
  ledger: WriteLedger,
  { copies, what, isIntact }: Question,
): { see(stored: Stored): void; findings(): readonly AuditResult[] } {
  const { begun } = ledger
  const isSeen = new Uint8Array(begun + 1)
  let seen = 0
  let repeated = 0
  let partial = 0
  let damaged = 0
  let unwanted = 0
  return {
    see(stored) {
      if (stored.sequence > begun) return
      seen++
      isSeen[stored.sequence] = 1
      if (stored.copies > copies) repeated++
      if (stored.copies < copies) partial++
      if (!stored.isIntact) damaged++
      if (ledger.isRefused(stored.sequence)) unwanted++
    },
    findings() {
      let acknowledged = 0
      let missing = 0
      let refused = 0
      let example = 0
      for (let sequence = 1; sequence <= begun; sequence++) {
        if (ledger.isRefused(sequence)) refused++
        if (!ledger.isAcknowledged(sequence)) continue
        acknowledged++
        if (isSeen[sequence] === 1) continue
        missing++
        if (example === 0) example = sequence
      }
      const whole =
        isIntact !== undefined
          ? finding(`${what} are as they were sent`, seen, damaged, `${damaged} ${what} are damaged`)
          : finding(`${what} are stored whole`, seen, partial, `of ${partial} ${what} a part is gone`)
      return [
        finding(
          `acknowledged ${what} are stored`,
          acknowledged,
          missing,
          `${missing} ${what} are gone; the first is write ${example} of writer ${ledger.writer}`,
        ),
        finding(`${what} are stored once`, seen, repeated, `${repeated} ${what} are stored more than once`),
        whole,
        finding(
          `refused ${what} are not stored`,
          refused,
          unwanted,
          `${unwanted} ${what} are stored although they were refused`,
        ),
      ]
    },
  }
}

/** One statement sees one moment, so transactions that still run do no harm. */
async function auditBalance({ client }: OpenClient, schema: string): Promise<AuditResult> {
  const { items, history } = tablesOf(schema)
  const { rows } = await client.query(
    `SELECT count(*) AS examined, count(*) FILTER (WHERE version IS DISTINCT FROM added) AS violations ` +
      `FROM (SELECT id, version FROM ${items} WHERE version <> 0) AS changed ` +
      `FULL JOIN (SELECT item AS id, sum(delta) AS added FROM ${history} GROUP BY item) AS booked USING (id)`,
  )
  const [examined, violations] = [Number(rows[0]?.['examined']), Number(rows[0]?.['violations'])]
  return finding(
    'rows are the sum of their history',
    examined,
    violations,
    `${violations} rows are not what was added to them`,
  )
}

function finding(name: string, examined: number, violations: number, message: string): AuditResult {
  if (examined === 0 && violations === 0) return { name, status: 'skipped', examined, violations }
  return violations > 0
    ? { name, status: 'failed', examined, violations, message }
    : { name, status: 'passed', examined, violations }
}

/** There was no connection that could have had anything to try again. */
function noRetries(): Retries {
  return { add() {}, async settled() {}, close() {} }
}
