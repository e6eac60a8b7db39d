import { CloudbenchError } from '@cloudbench/core'
import { refusalOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import { connectError, taskError } from '../src/connect-error.ts'
import driver from '../src/index.ts'
import { parseTarget } from '../src/target.ts'
import { realPostgres, withoutPostgres } from './servers/postgres.ts'

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
  ['42P01', 'relation "x.items" does not exist', /lacks what the load needs/, /preload/],
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

  test('what the server says first is the example of its outcome', async () => {
    const { url, schema, sql } = await realPostgres()
    const { prepare, open, send } = openFlow(driver, url, { schema, rows: 10 })
    await prepare()
    const connection = await open()
    expect((await send(connection)).example).toBeUndefined()
    await sql(`ALTER TABLE ${schema}.items RENAME payload TO other`)
    expect(await send(connection)).toMatchObject({
      name: '42703',
      example: 'column "payload" does not exist (42703)',
    })
  })

  test('a transaction and an INSERT have examples too', async () => {
    const { url, schema, sql } = await realPostgres()
    for (const [workload, options, table] of [
      ['mixed', { rows: 10, reads: '0%' }, 'history'],
      ['write-heavy', { batchDelayMs: '1ms' }, 'documents'],
    ] as const) {
      const { prepare, open, send } = openFlow(driver, url, { schema, ...options }, { workload })
      await prepare()
      const connection = await open()
      await sql(`ALTER TABLE ${schema}.${table} ADD CONSTRAINT no_more CHECK (writer < 0)`)
      const { name, example } = await send(connection)
      expect(name).toBe('23514')
      expect(example).toMatch(/violates check constraint "no_more" \(23514\)$/)
    }
  })
})
