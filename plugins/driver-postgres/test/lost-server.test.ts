import type { TaskContext } from '@cloudbench/core'
import { openFlow, parse } from '@cloudbench/testkit/flow'
import { describe, expect, test, vi } from 'vitest'
import driver from '../src/index.ts'
import { lanes, transactionsOf } from './fixtures/lanes.ts'
import { connected, realPostgres, withoutPostgres } from './servers/postgres.ts'
import { openingServer } from './servers/scripted.ts'

const lostCode = /^(CONNECTION_CLOSED|ECONNRESET|EPIPE|57P0[12])$/
const failureOf = (request: Promise<unknown>): Promise<unknown> => request.catch((error: unknown) => error)

const loads = [
  ['read', { rows: 10, pipelining: 8 }, 'items'],
  ['write-heavy', { batchRows: 4, batchDelayMs: '1ms', pipelining: 2 }, 'documents'],
  ['mixed', { rows: 10, reads: 0 }, 'items'],
  ['mixed', { rows: 10, reads: 0, transaction: 'at once', pipelining: 8 }, 'items'],
] as const

/** Every load on every lane that has it. */
const loadsOfLanes = lanes.flatMap((client) =>
  loads
    .filter(
      ([, options]) => !('transaction' in options) || transactionsOf(client).includes(options.transaction),
    )
    .map(([workload, options, table]) => [workload, { client, ...options }, table] as const),
)

test.skipIf(withoutPostgres).each(loadsOfLanes)(
  'every request in flight fails when the server is killed, and so does the next; once it is back, the load continues: %s %j',
  async (workload, options, table) => {
    const { url, schema, cluster, sql } = await realPostgres()
    const { open, prepare, audit, send, sendAll } = openFlow(
      driver,
      url,
      { schema, ...options },
      { workload },
    )
    await prepare()
    const connection = await open()
    await sendAll(connection, 20)
    // holds back every answer
    const blocker = await connected(cluster.port)
    await blocker.query(`BEGIN; LOCK TABLE ${schema}.${table} IN ACCESS EXCLUSIVE MODE`)
    const waiting = Array.from({ length: connection.streams ?? 1 }, (_, index) =>
      failureOf(send(connection, index)),
    )
    await vi.waitUntil(
      async () => (await sql(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).length > 0,
      20_000,
    )
    await cluster.kill()
    for (const failure of await Promise.all(waiting)) {
      expect(failure).toBeInstanceOf(Error)
      expect((failure as { code?: string }).code).toMatch(lostCode)
    }
    expect((await failureOf(send(connection))) as object).toMatchObject({
      code: expect.any(String) as string,
    })
    await connection.close()
    await expect(open()).rejects.toThrow(/nothing listens/)

    await cluster.start()
    const outcomes = await sendAll(await open(), 20)
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    if (workload !== 'read')
      for (const { status, violations } of await audit())
        expect([status, violations]).toEqual([expect.stringMatching(/passed|skipped/), 0])
  },
)

test.skipIf(withoutPostgres).each(lanes)(
  'a session that an operator terminates is a dead connection, not a refused request; client: %s',
  async (client) => {
    const { url, schema, sql, cluster } = await realPostgres()
    const { open, prepare, send } = openFlow(driver, url, { client, schema, rows: 10, pipelining: 2 })
    await prepare()
    const connection = await open()
    const blocker = await connected(cluster.port)
    await blocker.query(`BEGIN; LOCK TABLE ${schema}.items`)
    const waiting = [0, 1].map((index) => failureOf(send(connection, index)))
    const ending = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
    await vi.waitUntil(async () => (await sql(ending)).length > 0, 20_000)
    for (const failure of await Promise.all(waiting)) expect(failure).toMatchObject({ code: '57P01' })
    await blocker.end()
  },
)

describe.skipIf(withoutPostgres).each(lanes)(
  'an idle session says that it has ended; client: %s',
  (client) => {
    const idle = async () => {
      const server = await realPostgres()
      const { open, prepare, send, lost } = openFlow(driver, server.url, {
        client,
        schema: server.schema,
        rows: 10,
      })
      await prepare()
      const connection = await open()
      await send(connection)
      return { ...server, lost: () => lost(connection) }
    }

    test('when an operator terminates it', async () => {
      const { lost, schema, sql } = await idle()
      await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT payload FROM "${schema}"%'
      OR query LIKE '%PREPARE%${schema}%' AND pid <> pg_backend_pid()`)
      expect(await lost()).toMatchObject({ code: '57P01' })
    })

    test('when it was idle for too long', async () => {
      const { url, schema, sql } = await realPostgres()
      await sql(`ALTER DATABASE postgres SET idle_session_timeout = 300`)
      try {
        const { open, prepare, send, lost } = openFlow(driver, url, { client, schema, rows: 10 })
        await prepare()
        const connection = await open()
        await send(connection)
        expect(await lost(connection)).toMatchObject({ code: '57P05' })
      } finally {
        await sql(`ALTER DATABASE postgres RESET idle_session_timeout`)
      }
    })

    test('when the server is killed', async () => {
      const { lost, cluster } = await idle()
      await cluster.kill()
      expect((await lost()) as { code?: string }).toMatchObject({
        code: expect.stringMatching(/^(CONNECTION_CLOSED|ECONNRESET|57P0[1-3])$/) as string,
      })
      await cluster.start()
    })
  },
)

test.skipIf(withoutPostgres)('the observer comes back, once for readings that overlap', async () => {
  const { url, sql } = await realPostgres()
  const observer = await driver.observe!({
    options: await parse(driver, {}, 'read'),
    target: `${url}?application_name=observer`,
    signal: new AbortController().signal,
  } as TaskContext)
  const observing = `FROM pg_stat_activity WHERE application_name = 'observer'`
  await observer.read()
  await sql(`SELECT pg_terminate_backend(pid, 20000) ${observing}`)
  await expect
    .poll(
      () =>
        Promise.all([observer.read(), observer.read()]).then(
          ([read]) => Object.keys(read),
          () => [],
        ),
      {
        timeout: 20_000,
      },
    )
    .toContain('cache.hits')
  expect(await sql(`SELECT 1 AS one ${observing}`)).toEqual([{ one: 1 }])
  await observer.close()
})

test.skipIf(withoutPostgres).each(lanes)(
  'the server cancels a statement that takes too long, and the connection stays good; client: %s',
  async (client) => {
    const { url, schema, cluster } = await realPostgres()
    const options = { client, schema, rows: 10, statementTimeoutMs: '30ms' }
    for (const workload of ['read', 'mixed'] as const) {
      const { open, prepare, send } = openFlow(
        driver,
        url,
        { ...options, ...(workload === 'mixed' && { reads: 0 }) },
        { workload },
      )
      await prepare()
      const connection = await open()
      const blocker = await connected(cluster.port)
      await blocker.query(`BEGIN; LOCK TABLE ${schema}.items`)
      expect(await send(connection)).toMatchObject({ name: '57014', ok: false })
      await blocker.query('COMMIT')
      await blocker.end()
      expect(await send(connection)).toMatchObject({ ok: true })
    }
  },
)

/** Never answers what the load sends. */
const mute = (): Promise<string> => openingServer(() => {})

// the host allows 5 s
test.each(lanes)(
  'closing does not wait for a server that never answers; client: %s',
  { timeout: 5_000 },
  async (client) => {
    const { open, send } = openFlow(driver, await mute(), { client, rows: 10, pipelining: 4 })
    const connection = await open()
    const waiting = [0, 1, 2, 3].map((index) => failureOf(send(connection, index)))
    await connection.close()
    for (const failure of await Promise.all(waiting))
      expect(failure).toMatchObject({ code: 'CONNECTION_CLOSED' })
  },
)

test.each(lanes)(
  'closing does not wait for a server that never says goodbye; client: %s',
  { timeout: 5_000 },
  async (client) => {
    const { open } = openFlow(driver, await mute(), { client, rows: 10 })
    const connection = await open()
    await expect(connection.close()).resolves.toBe(undefined)
  },
)

test.each(lanes)('a malformed answer fails everything in flight; client: %s', async (client) => {
  const url = await openingServer((socket) => void socket.end('!\0\0\0\u0004', 'latin1'))
  const { open, send } = openFlow(driver, url, { client, rows: 10, pipelining: 2 })
  const connection = await open()
  const failures = await Promise.all([0, 1].map((index) => failureOf(send(connection, index))))
  expect(failures[0]).toMatchObject({ code: 'INVALID_RESPONSE' })
  expect(failures[1]).toMatchObject({
    code: expect.stringMatching(/INVALID_RESPONSE|CONNECTION_CLOSED/) as string,
  })
})
