import { CloudbenchError } from '@cloudbench/core'
import { refusalOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import { connectError, taskError } from '../src/connect-error.ts'
import driver from '../src/index.ts'
import { parseTarget } from '../src/target.ts'
import { lanes } from './fixtures/lanes.ts'
import { connected, realPostgres, withoutPostgres, type RealPostgres } from './servers/postgres.ts'

const server = parseTarget('postgres://bench:S3cret@127.0.0.1/shop').servers[0]!

function serverError(code: string, message: string): Error {
  return Object.assign(Object.create(DatabaseError.prototype) as Error, { code, message })
}

test.each([
  ['53100', 'could not extend file', /the disk of .* is full/, /free its disk/],
  ['25006', 'cannot execute INSERT in a read-only transaction', /takes no writes/, /primary/],
  ['42501', 'permission denied for schema x', /user "bench" may not do that/, /README/],
  ['3D000', 'database "shop" does not exist', /has no database "shop"/, /createdb shop/],
  ['57P03', 'the database system is starting up', /is not ready/, /wait/],
  ['57P01', 'terminating connection due to administrator command', /ended the connection/, /runs again/],
  ['53300', 'sorry, too many clients already', /takes no more connections/, /max_connections/],
  ['53200', 'out of memory', /no memory left/, /fewer connections/],
  ['26000', 'prepared statement "cloudbench_payload" does not exist', /a transaction pooler/, /pooler/],
  ['42P05', 'prepared statement "cloudbench_payload" already exists', /a transaction pooler/, /pooler/],
  [
    '28000',
    'no pg_hba.conf entry for host "10.0.0.4", no encryption',
    /does not let this user in/,
    /sslmode/,
  ],
  ['53400', 'temporary file size exceeds temp_file_limit', /a limit of its configuration/, /temp_file_limit/],
  ['57014', 'canceling statement due to statement timeout', /cancelled a statement/, /statement_timeout/],
  ['57014', 'canceling statement due to user request', /cancelled a statement/, /who cancelled/],
  ['55P03', 'canceling statement due to lock timeout', /holds a lock/, /pg_locks/],
])('%s: why, and what to do', (code, message, what, next) => {
  const error = serverError(code, message)
  for (const explained of [
    connectError(error, server, false),
    taskError(error, server),
  ] as CloudbenchError[]) {
    expect(explained).toBeInstanceOf(CloudbenchError)
    expect(explained.message).toMatch(what)
    expect(explained.message).toContain(code)
    expect(explained.expected).toMatch(/\w{4}/)
    expect(explained.next).toMatch(next)
    expect(explained.format()).not.toContain('S3cret')
  }
})

describe.skipIf(withoutPostgres)('on a real PostgreSQL', () => {
  test('a user whose sessions may not write', async () => {
    const { url, schema, sql } = await realPostgres()
    await sql(
      `CREATE ROLE ${schema} SUPERUSER LOGIN; ALTER ROLE ${schema} SET default_transaction_read_only = on`,
    )
    const own = url.replace('postgres@', `${schema}@`)
    const error = await refusalOf(openFlow(driver, own, { schema, rows: 10 }).prepare())
    expect(error.message).toMatch(/takes no writes: .*read-only transaction \(25006\)$/)
    expect(error.next).toContain('primary')
  })

  type Refused = readonly [string, (server: RealPostgres, role: string) => Promise<unknown>, RegExp, string]
  const afterwards: readonly Refused[] = [
    [
      'the tables belong to someone else',
      ({ sql, schema }, role) =>
        sql(`GRANT USAGE ON SCHEMA ${schema} TO ${role}; REVOKE ${schema}_owner FROM ${role}`),
      /may not do that on .*: permission denied for table items \(42501\)$/,
      'README',
    ],
    [
      'a column has another name',
      ({ sql, schema }) => sql(`ALTER TABLE ${schema}.items RENAME payload TO other`),
      /are not as the driver makes them: column "payload" .*does not exist \(42703\)$/,
      'drop the schema',
    ],
    [
      'a view is in place of the table',
      ({ sql, schema }) =>
        sql(`DROP TABLE ${schema}.items;
          CREATE VIEW ${schema}.items AS SELECT 1::bigint AS id, 0::bigint AS version, 'x'::text AS payload;
          COMMENT ON VIEW ${schema}.items IS 'made by cloudbench'; ALTER VIEW ${schema}.items OWNER TO ${schema}_owner`),
      /are not as the driver makes them: "items" is not a table \(42809\)$/,
      'drop the schema',
    ],
    [
      'statements may not take long',
      ({ sql, schema }, role) =>
        sql(`ALTER ROLE ${role} SET statement_timeout = 500; CREATE FUNCTION ${schema}.wait() RETURNS trigger
          LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
          CREATE TRIGGER wait BEFORE TRUNCATE ON ${schema}.items EXECUTE FUNCTION ${schema}.wait();
          GRANT ALL ON SCHEMA ${schema} TO ${role}; DELETE FROM ${schema}.items`),
      /cancelled a statement: canceling statement due to statement timeout \(57014\)$/,
      'ALTER ROLE',
    ],
    [
      'temporary files may not be large',
      ({ sql }, role) =>
        sql(`ALTER ROLE ${role} SET temp_file_limit = 1; ALTER ROLE ${role} SET work_mem = 64`),
      /has reached a limit of its configuration: temporary file size exceeds temp_file_limit .*\(53400\)$/,
      'temp_file_limit',
    ],
  ]

  test.each(afterwards)('prepare is refused when %s', async (_, change, what, next) => {
    const postgres = await realPostgres()
    const { url, schema, sql } = postgres
    const role = `${schema}_user`
    await sql(`CREATE ROLE ${schema}_owner; CREATE ROLE ${role} LOGIN IN ROLE ${schema}_owner;
      CREATE SCHEMA ${schema} AUTHORIZATION ${schema}_owner`)
    const own = `${url.replace('postgres@', `${role}@`)}?options=-c%20role%3D`
    await openFlow(driver, `${own}${schema}_owner`, { schema, rows: 10 }).prepare()
    await change(postgres, role)
    const error = await refusalOf(openFlow(driver, `${own}${role}`, { schema, rows: 20_000 }).prepare())
    expect(error.message).toMatch(what)
    expect(error.next).toContain(next)
  })

  test.each([
    ['?options=-c%20nothing%3D1', /does not take a setting .*"nothing" \(42704\)$/, 'correct options'],
    ['?options=-c%20work_mem%3Dx', /does not take a setting .*: "x" \(22023\)$/, 'correct options'],
    ['&sslmode=require&connect_timeout=9', /does not let this user in from here: .*\(28000\)$/, 'pg_hba'],
  ])('a url that does not fit: %s', async (part, what, expected) => {
    const { url, tlsUrl, sql } = await realPostgres()
    await sql(`DO $$ BEGIN CREATE ROLE encrypted LOGIN; EXCEPTION WHEN duplicate_object THEN END $$`)
    const given = part.startsWith('?')
      ? url + part
      : tlsUrl.replace('postgres@', 'encrypted@').replace('sslmode=verify-full', 'sslmode=disable')
    const error = await refusalOf(openFlow(driver, given, { rows: 10 }).open())
    expect(error.message).toMatch(what)
    expect(`${error.expected} ${error.next}`).toContain(expected)
  })

  test('a database that takes no connections', async () => {
    const { url, sql, schema } = await realPostgres()
    await sql(`CREATE DATABASE ${schema} ALLOW_CONNECTIONS false`)
    const error = await refusalOf(openFlow(driver, url.replace(/postgres$/, schema)).open())
    expect(error.message).toMatch(/lets no one into that database: .*\(55000\)$/)
  })

  test.each(
    lanes.flatMap((client) =>
      ['LATIN1', 'SQL_ASCII', 'EUC_JP'].map((encoding) => [encoding, client] as const),
    ),
  )('a database in %s is loaded as any other; client: %s', async (encoding, client) => {
    const { url, schema, cluster } = await realPostgres()
    const creator = await connected(cluster.port)
    await creator.query(`CREATE DATABASE ${schema} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`)
    await creator.end()
    for (const workload of ['read', 'mixed', 'write-heavy'] as const) {
      const options = { client, schema, ...(workload === 'write-heavy' ? {} : { rows: 10 }) }
      const flow = openFlow(driver, url.replace(/postgres$/, schema), options, { workload })
      await flow.prepare()
      expect((await flow.sendAll(await flow.open(), 20)).filter(({ ok }) => !ok)).toEqual([])
      for (const { violations } of await flow.audit()) expect(violations).toBe(0)
    }
  })

  test.each([
    [
      'cancels it',
      (sql: string) => sql.replace('HOW', 'cancel'),
      /cancelled a statement: .* user request \(57014\)$/,
    ],
    ['terminates it', (sql: string) => sql.replace('HOW', 'terminate'), /ended the connection: .*\(57P01\)$/],
    ['goes', undefined, /(the connection to .* was lost: |ended the connection: )/],
  ])('while it is prepared, the server %s', async (_, ending, what) => {
    const { url, schema, sql, cluster } = await realPostgres()
    await openFlow(driver, url, { schema, rows: 10 }).prepare()
    const blocker = await connected(cluster.port)
    await blocker.query(`BEGIN; LOCK TABLE ${schema}.items`)
    const preparing = refusalOf(openFlow(driver, url, { schema, rows: 10 }).prepare())
    const waiting = `FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
    await expect.poll(() => sql(`SELECT 1 ${waiting}`), { timeout: 20_000 }).not.toEqual([])
    if (ending) await sql(ending(`SELECT pg_HOW_backend(pid) ${waiting}`))
    else await cluster.kill()
    const error = await preparing
    expect(error.message).toMatch(what)
    expect(error.next).toMatch(/\w{4}/)
    await blocker.end().catch(() => {})
    if (!ending) await cluster.start()
  })

  test.each(lanes)('what the server says first is the example of its outcome; client: %s', async (client) => {
    const { url, schema, sql } = await realPostgres()
    const { prepare, open, send } = openFlow(driver, url, { client, schema, rows: 10 })
    await prepare()
    const connection = await open()
    expect((await send(connection)).example).toBeUndefined()
    await sql(`ALTER TABLE ${schema}.items RENAME payload TO other`)
    expect(await send(connection)).toMatchObject({
      name: '42703',
      example: 'column "payload" does not exist (42703)',
    })
  })

  test.each(lanes)('a transaction and an INSERT have examples too; client: %s', async (client) => {
    const { url, schema, sql } = await realPostgres()
    for (const [workload, options, table] of [
      ['mixed', { rows: 10, reads: '0%' }, 'history'],
      ['write-heavy', { batchDelayMs: '1ms' }, 'documents'],
    ] as const) {
      const { prepare, open, send } = openFlow(driver, url, { client, schema, ...options }, { workload })
      await prepare()
      const connection = await open()
      await sql(`ALTER TABLE ${schema}.${table} ADD CONSTRAINT no_more CHECK (writer < 0)`)
      const { name, example } = await send(connection)
      expect(name).toBe('23514')
      expect(example).toMatch(/violates check constraint "no_more" \(23514\)$/)
    }
  })
})
