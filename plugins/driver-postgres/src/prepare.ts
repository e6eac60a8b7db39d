import { CloudbenchError, type Facts, type TaskContext } from '@cloudbench/core'
import { formatCount } from '@cloudbench/core/text'
import { escapeLiteral, type Client } from 'pg'
import { poolerOfTask, withClient } from './client/client.ts'
import type { MixedOptions, PostgresOptions, ReadOptions, WriteOptions } from './options.ts'
import { createPayload } from './payload.ts'
import { tablesOf } from './workloads/tables.ts'

/** The comment on everything that the driver makes; nothing else is ever changed or removed. */
const mark = 'made by cloudbench'
/** Rows per INSERT. */
const chunkRows = 100_000
/** Of that many rows, one has its whole payload compared. */
const rowsPerSample = 10
/** So that flows prepare and clean up one at a time. The number is arbitrary. */
const lockKey = 6_374_112_190
/** Enough for another run to fill its tables. */
const lockLimitMs = 60_000

const historyColumns =
  'writer bigint NOT NULL, sequence bigint NOT NULL, item bigint NOT NULL, delta bigint NOT NULL, at timestamptz NOT NULL'
const documentColumns =
  'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, writer bigint NOT NULL, sequence bigint NOT NULL, document jsonb NOT NULL'

/** Makes the rows to read, unless they are there already: as many, of the same size, and unchanged. */
export async function prepareItems(context: TaskContext<ReadOptions>): Promise<Facts> {
  const { options } = context
  if (!options.preload) return { preloaded: false }
  return await prepared(context, (client) => makeItems(client, options, context))
}

/** Makes the rows, and an empty history. */
export async function prepareTransactions(context: TaskContext<MixedOptions>): Promise<Facts> {
  const { options } = context
  if (!options.preload) return { preloaded: false }
  const { history } = tablesOf(options.schema)
  return await prepared(context, async (client) => {
    await makeEmptyTable(client, history, historyColumns)
    return await makeItems(client, options, context)
  })
}

/** Makes an empty table for documents. */
export async function prepareDocuments(context: TaskContext<WriteOptions>): Promise<Facts> {
  const { documents } = tablesOf(context.options.schema)
  return await prepared(context, async (client) => {
    await makeEmptyTable(client, documents, documentColumns)
    return {}
  })
}

/** Drops the tables that the driver made, and its schema if nothing else is in it. */
export async function cleanup(context: TaskContext<PostgresOptions>): Promise<void> {
  const { schema, items, history, documents } = tablesOf(context.options.schema)
  await withClient(context, async ({ client }) => {
    await begin(client)
    for (const table of [items, history, documents])
      if ((await commentOf(client, table))?.startsWith(mark)) await client.query(`DROP TABLE ${table}`)
    const isOurs = (await commentOfSchema(client, context.options.schema))?.startsWith(mark) === true
    await client.query('COMMIT')
    if (!isOurs) return
    await client.query(`DROP SCHEMA ${schema}`).catch((error: { readonly code?: string }) => {
      // something else is in it, or another flow has dropped it
      if (error.code !== '2BP01' && error.code !== '3F000') throw error
    })
  })
}

async function prepared(
  context: TaskContext<PostgresOptions>,
  make: (client: Client) => Promise<Facts>,
): Promise<Facts> {
  const { schema, items } = tablesOf(context.options.schema)
  return await withClient(context, async (opened) => {
    const { client } = opened
    const { rows } = await client.query('SHOW server_version')
    const pooler = await poolerOfTask(context, opened)
    await begin(client)
    if ((await commentOfSchema(client, context.options.schema)) === undefined) {
      await client.query(`CREATE SCHEMA ${schema}`)
      await client.query(`COMMENT ON SCHEMA ${schema} IS ${escapeLiteral(mark)}`)
    }
    const facts = await make(client)
    await client.query('COMMIT')
    // so that no autovacuum disturbs the measurement, and plans do not change during it; not within a transaction
    if (facts['preloaded'] === true) await client.query(`VACUUM (ANALYZE) ${items}`)
    return { server: String(rows[0]?.['server_version']), ...(pooler !== 'none' && { pooler }), ...facts }
  })
}

/**
 * Begins a transaction that holds the lock. A lock of the session would stay with a pooler's connection, and block
 * every later run.
 */
async function begin(client: Client): Promise<void> {
  await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockLimitMs}`)
  await client
    .query(`SELECT pg_advisory_xact_lock(${lockKey})`)
    .catch(async (error: { readonly code?: string }) => {
      if (error.code !== '55P03') throw error
      await client.query('ROLLBACK')
      throw new CloudbenchError({
        code: 'CB_CONNECT',
        what: `the lock that cloudbench prepares under was not free within ${lockLimitMs / 1_000} s; ${await holdersOf(client)}`,
        expected: 'no other run that prepares or cleans up the same database',
        next: 'wait for that run, or end its session with SELECT pg_terminate_backend(pid)',
        cause: error,
      })
    })
}

/** Who holds the lock, for a message. */
async function holdersOf(client: Client): Promise<string> {
  const { rows } = await client.query(
    `SELECT pid, application_name, client_addr::text AS address FROM pg_locks JOIN pg_stat_activity USING (pid) ` +
      `WHERE locktype = 'advisory' AND granted AND classid = ${Math.floor(lockKey / 2 ** 32)} AND objid = ${lockKey % 2 ** 32}`,
  )
  const holders = rows.map(
    ({ pid, application_name: name, address }) =>
      `pid ${pid} (${JSON.stringify(name)} from ${address ?? 'this machine'})`,
  )
  return holders.length === 0 ? 'it is free by now' : `held by ${holders.join(', ')}`
}

async function makeItems(
  client: Client,
  { rows, payloadSize, schema }: ReadOptions | MixedOptions,
  { log, signal }: Pick<TaskContext, 'log' | 'signal'>,
): Promise<Facts> {
  const { items } = tablesOf(schema)
  const payload = createPayload(payloadSize)
  const kind = `${mark}: ${rows} rows of ${payloadSize} bytes`
  await makeTable(client, items, 'id bigint PRIMARY KEY, version bigint NOT NULL, payload text NOT NULL')
  // the comment may have outlived the data, or transactions may have changed it
  const isReady =
    (await commentOf(client, items)) === kind && (await isUntouched(client, items, rows, payloadSize))
  if (isReady) return { rows, payloadSize, preloaded: 'before' }
  await client.query(`TRUNCATE ${items}`)
  for (let first = 1; first <= rows; first += chunkRows) {
    signal.throwIfAborted()
    log.debug(`${formatCount(first - 1)} of ${formatCount(rows)} rows`)
    const last = Math.min(rows, first + chunkRows - 1)
    await client.query(
      `INSERT INTO ${items} (id, version, payload) SELECT id, 0, ${payload.sql('id')} FROM generate_series(${first}, ${last}) AS id`,
    )
  }
  await client.query(`COMMENT ON TABLE ${items} IS ${escapeLiteral(kind)}`)
  return { rows, payloadSize, preloaded: true }
}

/** Whether the rows are the ones to read, none is changed, all have their size, and those of a sample their text. */
async function isUntouched(
  client: Client,
  items: string,
  expected: number,
  payloadSize: number,
): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT count(*) FILTER (WHERE id BETWEEN 1 AND ${expected}) AS present, count(*) AS total, ` +
      `count(*) FILTER (WHERE version <> 0 OR octet_length(payload) <> ${payloadSize} ` +
      `OR id % ${rowsPerSample} = 1 AND payload <> ${createPayload(payloadSize).sql('id')}) AS wrong FROM ${items}`,
  )
  const { present, total, wrong } = rows[0] ?? {}
  return Number(present) === expected && Number(total) === expected && Number(wrong) === 0
}

async function makeEmptyTable(client: Client, table: string, columns: string): Promise<void> {
  await makeTable(client, table, columns)
  await client.query(`TRUNCATE ${table}`)
}

/** Makes a table with the mark, unless there is one; refuses one that the driver did not make. */
async function makeTable(client: Client, table: string, columns: string): Promise<void> {
  const comment = await commentOf(client, table)
  if (comment?.startsWith(mark)) return
  if (comment !== undefined)
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `the table ${table} already exists, and cloudbench did not make it`,
      expected: 'a schema that is used for the load only',
      next: 'set the option schema to another name',
    })
  await client.query(`CREATE TABLE ${table} (${columns})`)
  await client.query(`COMMENT ON TABLE ${table} IS ${escapeLiteral(mark)}`)
}

/** The comment on a table, empty if it has none; undefined if there is no such table. */
async function commentOf(client: Client, table: string): Promise<string | undefined> {
  const { rows } = await client.query(
    `SELECT obj_description(oid, 'pg_class') AS comment FROM pg_class WHERE oid = to_regclass(${escapeLiteral(table)})`,
  )
  return rows.length === 0 ? undefined : String(rows[0]?.['comment'] ?? '')
}

async function commentOfSchema(client: Client, schema: string): Promise<string | undefined> {
  const { rows } = await client.query(
    `SELECT obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = ${escapeLiteral(schema)}`,
  )
  return rows.length === 0 ? undefined : String(rows[0]?.['comment'] ?? '')
}
