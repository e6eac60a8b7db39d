import { describe, expect, test } from 'vitest'
import { countOf, flow, send, sendAll } from './context.ts'
import { loopbackTarget, realPostgres, withoutPostgres } from './servers/servers.ts'

/** The same against the real thing and against the loopback, which must not differ. */
const targets = {
  'a real PostgreSQL': async () => {
    const { url, schema } = await realPostgres()
    return { url, schema }
  },
  'the loopback': async () => ({ url: await loopbackTarget(), schema: 'test' }),
}

describe.each(Object.keys(targets) as (keyof typeof targets)[])('on %s', (name) => {
  const skipped = name === 'a real PostgreSQL' && withoutPostgres

  test.skipIf(skipped).each([
    [1, true],
    [16, true],
    [16, false],
  ])('rows are found, %i in flight, verified: %s', async (pipelining, verify) => {
    const { url, schema } = await targets[name]()
    const { open, prepare, bytes } = flow('read', url, { schema, rows: 200, pipelining, verify })
    expect(await prepare()).toMatchObject({ rows: 200, payloadSize: 84, preloaded: true })
    expect(await prepare()).toMatchObject({ preloaded: 'before' })
    const connection = await open()
    expect(connection.streams).toBe(pipelining)
    expect(countOf(await sendAll(connection, 1_000))).toEqual({ 'select row': 1_000 })
    expect(bytes).toEqual({ sent: 0, received: verify ? 84_000 : 0 })
  })

  test.skipIf(skipped)('a row that is not there is an error when rows were preloaded', async () => {
    const { url, schema } = await targets[name]()
    await flow('read', url, { schema, rows: 10 }).prepare()
    for (const preload of [false, true]) {
      const connection = await flow('read', url, { schema, rows: 1_000_000_000, preload }).open()
      const outcomes = await sendAll(connection, 10)
      expect(countOf(outcomes)).toEqual({ 'select no row': 10 })
      expect(outcomes.every(({ ok }) => ok === !preload)).toBe(true)
    }
  })
})

test.skipIf(withoutPostgres)('a row that is not what was written is an error at once', async () => {
  const { url, schema, sql } = await realPostgres()
  const { open, prepare } = flow('read', url, { schema, rows: 1 })
  await prepare()
  const connection = await open()
  expect(await send(connection)).toMatchObject({ name: 'row', ok: true })
  for (const damage of [
    `overlay(payload placing '!' from 84)`,
    `overlay(payload placing '2' from 10)`,
    `''`,
  ]) {
    await sql(`UPDATE ${schema}.items SET payload = ${damage}`)
    expect(await send(connection)).toMatchObject({ name: 'wrong row', ok: false })
  }
  const careless = await flow('read', url, { schema, rows: 1, verify: false }).open()
  expect(await send(careless)).toMatchObject({ name: 'row', ok: true })
})

test.skipIf(withoutPostgres)('a statement belongs to its trace', async () => {
  const { url, schema, sql } = await realPostgres()
  const { open, prepare } = flow('read', url, { schema, rows: 10, pipelining: 4 })
  await prepare()
  const connection = await open()
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const outcomes = await Promise.all([
    send(connection, 1),
    send(connection, 2, traceparent),
    send(connection, 3),
    send(connection, 4, `${traceparent}*/; DROP SCHEMA ${schema} CASCADE --`),
  ])
  expect(countOf(outcomes)).toEqual({ 'select row': 4 })
  const [activity] = await sql(
    `SELECT query FROM pg_stat_activity WHERE application_name = 'cloudbench' AND query LIKE '%${schema}%'`,
  )
  expect(activity?.['query']).toMatch(
    /^SELECT payload FROM .* WHERE id = \$1 \/\*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01[0-9a-f-]*'\*\/$/,
  )
})

test.skipIf(withoutPostgres)('blocks that were hit or read are what the server has counted', async () => {
  const { url, schema, sql } = await realPostgres()
  const { open, prepare, observe } = flow('read', url, { schema, rows: 1_000 })
  await prepare()
  const before = await observe()
  const connection = await open()
  await sendAll(connection, 500)
  await connection.close()
  await expect
    .poll(async () => (await observe())['blks_hit']! - before['blks_hit']!, { timeout: 20_000 })
    .toBeGreaterThan(500)
  const [row] = await sql(`SELECT blks_hit FROM pg_stat_database WHERE datname = 'postgres'`)
  expect(Number(row?.['blks_hit'])).toBeGreaterThanOrEqual((await observe())['blks_hit']! - 10_000)
  expect(Object.keys(before)).toEqual(expect.arrayContaining(['blks_hit', 'blks_read', 'deadlocks']))
})

test('outcomes are the same objects every time', async () => {
  const { open, prepare } = flow('read', await loopbackTarget(), { rows: 10 })
  await prepare()
  expect(new Set(await sendAll(await open(), 200)).size).toBe(1)
})

test('a failure that the server reports is an outcome under its SQLSTATE', async () => {
  const { open } = flow('read', await loopbackTarget({ failureRate: 1 }), { pipelining: 4 })
  const outcomes = await sendAll(await open(), 20)
  expect(countOf(outcomes)).toEqual({ 'select P0001': 20 })
  expect(outcomes[0]!.ok).toBe(false)
})
