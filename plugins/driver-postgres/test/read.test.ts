import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { lanes } from './fixtures/lanes.ts'
import { bothTargets, loopbackTarget } from './servers/loopback.ts'
import { realPostgres, withoutPostgres } from './servers/postgres.ts'

describe.each(lanes)('client: %s', (client) => {
  describe.each(bothTargets)('on $name', ({ isSkipped, start }) => {
    test.skipIf(isSkipped).each([
      [1, true],
      [16, true],
      [16, false],
    ])('rows are found, %i in flight, verified: %s', async (pipelining, verify) => {
      const { url, schema } = await start()
      const { open, prepare, bytes, sendAll, countOf } = openFlow(driver, url, {
        client,
        schema,
        rows: 200,
        pipelining,
        verify,
      })
      expect(await prepare()).toMatchObject({ rows: 200, payloadSize: 84, preloaded: true })
      expect(await prepare()).toMatchObject({ preloaded: 'before' })
      const connection = await open()
      expect(connection.streams).toBe(pipelining)
      expect(countOf(await sendAll(connection, 1_000))).toEqual({ 'select row': 1_000 })
      expect(bytes).toEqual({ sent: 0, received: verify ? 84_000 : 0 })
    })

    test.skipIf(isSkipped)('a missing row is an error if rows were preloaded', async () => {
      const { url, schema } = await start()
      await openFlow(driver, url, { client, schema, rows: 10 }).prepare()
      for (const preload of [false, true]) {
        const options = { client, schema, rows: 1_000_000_000, preload }
        const { open, sendAll, countOf } = openFlow(driver, url, options)
        const outcomes = await sendAll(await open(), 10)
        expect(countOf(outcomes)).toEqual({ 'select no row': 10 })
        expect(outcomes.every(({ ok }) => ok === !preload)).toBe(true)
      }
    })
  })

  test.skipIf(withoutPostgres)('a row that differs from what was written is an error', async () => {
    const { url, schema, sql } = await realPostgres()
    const { open, prepare, send } = openFlow(driver, url, { client, schema, rows: 1 })
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
    const careless = openFlow(driver, url, { client, schema, rows: 1, verify: false })
    expect(await careless.send(await careless.open())).toMatchObject({ name: 'row', ok: true })
  })

  test.skipIf(withoutPostgres)(
    'cache hits and misses are the blocks that the server counted as hit and read',
    async () => {
      const { url, schema, sql } = await realPostgres()
      const { open, prepare, observe, sendAll } = openFlow(driver, url, { client, schema, rows: 1_000 })
      await prepare()
      const before = await observe()
      const connection = await open()
      await sendAll(connection, 500)
      await connection.close()
      await expect
        .poll(async () => (await observe())['cache.hits']! - before['cache.hits']!, { timeout: 20_000 })
        .toBeGreaterThan(500)
      const [row] = await sql(`SELECT blks_hit FROM pg_stat_database WHERE datname = 'postgres'`)
      expect(Number(row?.['blks_hit'])).toBeGreaterThanOrEqual((await observe())['cache.hits']! - 10_000)
      expect(Object.keys(before)).toEqual(expect.arrayContaining(['cache.hits', 'cache.misses', 'deadlocks']))
    },
  )

  test('outcomes are reused', async () => {
    const { open, prepare, sendAll } = openFlow(driver, await loopbackTarget(), { client, rows: 10 })
    await prepare()
    expect(new Set(await sendAll(await open(), 200)).size).toBe(1)
  })
})
