import { expect, test } from 'vitest'
import { countOf, flow, send, sendAll, until } from './context.ts'
import { connected, loopbackTarget, realPostgres, rudeServer, withoutPostgres } from './servers/servers.ts'

const lost = /^(CONNECTION_CLOSED|ECONNRESET|EPIPE|57P0[12])$/
const failureOf = (request: Promise<unknown>): Promise<unknown> => request.catch((error: unknown) => error)

const loads = [
  ['read', { rows: 10, pipelining: 8 }, 'items'],
  ['write-heavy', { batchRows: 4, batchDelayMs: 1, pipelining: 2 }, 'documents'],
  ['mixed', { rows: 10, reads: 0 }, 'items'],
  ['mixed', { rows: 10, reads: 0, transaction: 'at once', pipelining: 8 }, 'items'],
] as const

test.skipIf(withoutPostgres).each(loads)(
  'every request in flight fails when the server is killed, and so does the next; when it is back, the load goes on: %s %j',
  async (workload, options, table) => {
    const { url, schema, cluster, sql } = await realPostgres({})
    const { open, prepare, audit } = flow(workload, url, { schema, ...options })
    await prepare()
    const connection = await open()
    await sendAll(connection, 20)
    // holds back every answer
    const blocker = await connected(cluster.port)
    await blocker.query(`BEGIN; LOCK TABLE ${schema}.${table} IN ACCESS EXCLUSIVE MODE`)
    const waiting = Array.from({ length: connection.streams ?? 1 }, (_, index) =>
      failureOf(send(connection, index)),
    )
    await until(
      async () => (await sql(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).length > 0,
    )
    await cluster.kill()
    for (const failure of await Promise.all(waiting)) {
      expect(failure).toBeInstanceOf(Error)
      expect((failure as { code?: string }).code).toMatch(lost)
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

test.skipIf(withoutPostgres)(
  'a session that an operator ends is a dead connection, not a refused request',
  async () => {
    const { url, schema, sql, cluster } = await realPostgres()
    const { open, prepare } = flow('read', url, { schema, rows: 10, pipelining: 2 })
    await prepare()
    const connection = await open()
    const blocker = await connected(cluster.port)
    await blocker.query(`BEGIN; LOCK TABLE ${schema}.items`)
    const waiting = [0, 1].map((index) => failureOf(send(connection, index)))
    const ending = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
    await until(async () => (await sql(ending)).length > 0)
    for (const failure of await Promise.all(waiting)) expect(failure).toMatchObject({ code: '57P01' })
    await blocker.end()
  },
)

test.skipIf(withoutPostgres)(
  'a session that is ended while it is idle is noticed with the next request',
  async () => {
    const { url, schema, sql } = await realPostgres()
    const { open, prepare } = flow('read', url, { schema, rows: 10 })
    await prepare()
    const connection = await open()
    await send(connection)
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT payload FROM "${schema}"%'
    OR query LIKE 'PREPARE%${schema}%'`)
    await until(async () => (await failureOf(send(connection))) instanceof Error)
    expect(await failureOf(send(connection))).toMatchObject({ code: '57P01' })
  },
)

test.skipIf(withoutPostgres)(
  'a statement that takes too long is cancelled by the server, and the connection is good',
  async () => {
    const { url, schema, cluster } = await realPostgres()
    const options = { schema, rows: 10, statementTimeoutMs: '30ms' }
    for (const workload of ['read', 'mixed'] as const) {
      const { open, prepare } = flow(workload, url, { ...options, ...(workload === 'mixed' && { reads: 0 }) })
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

/** Greets, answers what sets a session up, and from then on takes everything and answers nothing. */
const mute = (): Promise<string> =>
  rudeServer((socket) => {
    const greeting = 'R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I'
    socket.once('data', () => {
      socket.write(greeting, 'latin1')
      socket.once('data', () => socket.write('C\0\0\0\u000cPREPARE\0Z\0\0\0\u0005I', 'latin1'))
    })
  })

// the host allows for 5 s
test('a server that never answers does not hold up the end', { timeout: 5_000 }, async () => {
  const { open } = flow('read', await mute(), { rows: 10, pipelining: 4 })
  const connection = await open()
  const waiting = [0, 1, 2, 3].map((index) => failureOf(send(connection, index)))
  await connection.close()
  for (const failure of await Promise.all(waiting))
    expect(failure).toMatchObject({ code: 'CONNECTION_CLOSED' })
})

test('a server that does not take leave is left', { timeout: 5_000 }, async () => {
  const { open } = flow('read', await mute(), { rows: 10 })
  const connection = await open()
  await expect(connection.close()).resolves.toBe(undefined)
})

test('an answer that is none fails everything in flight', async () => {
  const url = await rudeServer((socket) => {
    let reads = 0
    socket.on('data', () => {
      reads++
      if (reads === 1) socket.write('R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I', 'latin1')
      else if (reads === 2) socket.write('C\0\0\0\u000cPREPARE\0Z\0\0\0\u0005I', 'latin1')
      else socket.end('!\0\0\0\u0004', 'latin1')
    })
  })
  const connection = await flow('read', url, { rows: 10, pipelining: 2 }).open()
  const failures = await Promise.all([0, 1].map((index) => failureOf(send(connection, index))))
  expect(failures[0]).toMatchObject({ code: 'INVALID_RESPONSE' })
  expect(failures[1]).toMatchObject({
    code: expect.stringMatching(/INVALID_RESPONSE|CONNECTION_CLOSED/) as string,
  })
})

test('the loopback can die on time', async () => {
  const target = await loopbackTarget({ dieAfterMs: 200, stall: { afterMs: 100, stallMs: 60_000 } })
  const connection = await flow('read', target, { rows: 10 }).open()
  await until(async () => (await failureOf(send(connection))) instanceof Error)
  await connection.close()
  await expect(flow('read', target).open()).rejects.toThrow(/nothing listens/)
})

test('the loopback serves as many as it is told to', async () => {
  const target = await loopbackTarget({ capacityPerSecond: 1_000 })
  const connection = await flow('read', target, { preload: false, rows: 10, pipelining: 10 }).open()
  const startMs = performance.now()
  expect(countOf(await sendAll(connection, 100))).toEqual({ 'select no row': 100 })
  expect(performance.now() - startMs).toBeGreaterThan(95)
})
