import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { realPostgres, withoutPostgres } from '../servers/postgres.ts'

async function tablesIn(
  sql: (text: string) => Promise<Readonly<Record<string, unknown>>[]>,
  schema: string,
): Promise<unknown[]> {
  const rows = await sql(`SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' ORDER BY 1`)
  return rows.map(({ tablename }) => tablename)
}

const schemaOf = (schema: string): string => `SELECT 1 FROM pg_namespace WHERE nspname = '${schema}'`

describe.skipIf(withoutPostgres)('prepare and cleanup', () => {
  test('removes what it made', async () => {
    const { url, schema, sql } = await realPostgres()
    for (const name of ['read', 'mixed', 'write-heavy'] as const)
      await openFlow(
        driver,
        url,
        { schema, ...(name !== 'write-heavy' && { rows: 10 }) },
        { workload: name },
      ).prepare()
    expect(await tablesIn(sql, schema)).toEqual(['documents', 'history', 'items'])
    await openFlow(driver, url, { schema }).cleanup()
    expect(await sql(schemaOf(schema))).toEqual([])
    // nothing is left, which is no error
    await openFlow(driver, url, { schema }).cleanup()
  })

  test('removes nothing else', async () => {
    const { url, schema, sql } = await realPostgres()
    await openFlow(driver, url, { schema, rows: 10 }).prepare()
    await sql(`CREATE TABLE ${schema}.mine (); CREATE TABLE ${schema}.documents (id int)`)
    await openFlow(driver, url, { schema }).cleanup()
    expect(await tablesIn(sql, schema)).toEqual(['documents', 'mine'])
  })

  test('keeps a schema that existed before', async () => {
    const { url, schema, sql } = await realPostgres()
    await sql(`CREATE SCHEMA ${schema}`)
    await openFlow(driver, url, { schema, rows: 10 }).prepare()
    await openFlow(driver, url, { schema }).cleanup()
    expect(await sql(schemaOf(schema))).toHaveLength(1)
  })

  test('refuses a table that it did not make', async () => {
    const { url, schema, sql } = await realPostgres()
    await sql(
      `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.items (id int); INSERT INTO ${schema}.items VALUES (1)`,
    )
    await expect(openFlow(driver, url, { schema, rows: 10 }).prepare()).rejects.toMatchObject({
      message: `the table "${schema}".items already exists, and cloudbench did not make it`,
      next: 'set the option schema to another name',
    })
    expect(await sql(`SELECT id FROM ${schema}.items`)).toEqual([{ id: 1 }])
  })

  test('makes the rows again when their number or size changes, or some are lost', async () => {
    const { url, schema, sql } = await realPostgres()
    const { prepare } = openFlow(driver, url, { schema, rows: 50 })
    expect(await prepare()).toMatchObject({ server: expect.any(String) as string, preloaded: true })
    await sql(`DELETE FROM ${schema}.items WHERE id = 50`)
    expect(await prepare()).toMatchObject({ preloaded: true })
    expect(await prepare()).toMatchObject({ preloaded: 'before' })
    expect(await openFlow(driver, url, { schema, rows: 60 }).prepare()).toMatchObject({ preloaded: true })
    expect(await openFlow(driver, url, { schema, rows: 60, payloadSize: '200B' }).prepare()).toMatchObject({
      preloaded: true,
    })
    expect(
      await sql(
        `SELECT DISTINCT length(payload) AS length, count(*)::int AS rows FROM ${schema}.items GROUP BY 1`,
      ),
    ).toEqual([{ length: 200, rows: 60 }])
  })

  test.each([
    ['half of the rows are deleted', (items: string) => `DELETE FROM ${items} WHERE id % 2 = 0`],
    ['rows have other numbers', (items: string) => `UPDATE ${items} SET id = id + 1000 WHERE id < 10`],
    ['a payload is too short', (items: string) => `UPDATE ${items} SET payload = 'short' WHERE id = 42`],
    [
      'payloads of the right size are foreign',
      (items: string) => `UPDATE ${items} SET payload = repeat('x', length(payload))`,
    ],
  ])('makes the rows again when %s', async (_, damage) => {
    const { url, schema, sql } = await realPostgres()
    const { prepare, open, sendAll, countOf } = openFlow(driver, url, { schema, rows: 100 })
    await prepare()
    expect(await prepare()).toMatchObject({ preloaded: 'before' })
    await sql(damage(`${schema}.items`))
    expect(await prepare()).toMatchObject({ preloaded: true })
    expect(countOf(await sendAll(await open(), 500))).toEqual({ 'select row': 500 })
    expect(await prepare()).toMatchObject({ preloaded: 'before' })
  })

  test('lets several flows prepare at the same time', async () => {
    const { url, schema, sql } = await realPostgres()
    await Promise.all(
      (['read', 'mixed', 'write-heavy', 'read'] as const).map((name) =>
        openFlow(
          driver,
          url,
          { schema, ...(name !== 'write-heavy' && { rows: 100 }) },
          { workload: name },
        ).prepare(),
      ),
    )
    expect(await tablesIn(sql, schema)).toEqual(['documents', 'history', 'items'])
    expect(await sql(`SELECT count(*)::int AS rows FROM ${schema}.items`)).toEqual([{ rows: 100 }])
  })

  test('quotes a name that is an SQL keyword', async () => {
    const { url, sql } = await realPostgres()
    const { prepare, cleanup } = openFlow(driver, url, { schema: 'user', rows: 10 })
    await prepare()
    expect(await tablesIn(sql, 'user')).toEqual(['items'])
    await cleanup()
  })

  test('makes nothing without preload', async () => {
    const { url, schema, sql } = await realPostgres()
    for (const name of ['read', 'mixed'] as const)
      expect(await openFlow(driver, url, { schema, preload: false }, { workload: name }).prepare()).toEqual({
        preloaded: false,
      })
    expect(await sql(schemaOf(schema))).toEqual([])
  })

  test('needs no other privilege than to own the schema', async () => {
    const { url, schema, sql } = await realPostgres()
    await sql(`CREATE ROLE ${schema} LOGIN; CREATE SCHEMA AUTHORIZATION ${schema}`)
    const own = url.replace('postgres@', `${schema}@`)
    const { prepare, open, cleanup, observe } = openFlow(
      driver,
      own,
      { schema, rows: 10 },
      { workload: 'mixed' },
    )
    await prepare()
    await open()
    expect((await observe())['cache.hits']).toBeGreaterThan(0)
    await cleanup()
    await expect(openFlow(driver, own, { schema: 'another', rows: 10 }).prepare()).rejects.toMatchObject({
      code: 'CB_CONNECT',
      message: expect.stringMatching(
        /may not do that on .*: permission denied for database postgres \(42501\)$/,
      ) as string,
      next: expect.stringContaining('README') as string,
    })
  })

  test('shows other errors of the server as they are', async () => {
    const { url, schema, sql } = await realPostgres()
    const { prepare } = openFlow(driver, url, { schema, rows: 10 })
    await prepare()
    await sql(`ALTER TABLE ${schema}.items ADD CHECK (id < 5) NOT VALID; DELETE FROM ${schema}.items`)
    await expect(prepare()).rejects.toMatchObject({
      code: 'CB_TARGET',
      message: expect.stringMatching(/violates check constraint .* \(23514\)$/) as string,
    })
  })
})
