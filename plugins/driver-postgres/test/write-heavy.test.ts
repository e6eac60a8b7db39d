import { describe, expect, test } from 'vitest'
import { preparedFlow, writeHeavyFlow } from './fixtures/flows.ts'
import { lanes } from './fixtures/lanes.ts'
import { bothTargets, loopbackTarget } from './servers/loopback.ts'
import { connected, withoutPostgres } from './servers/postgres.ts'

describe.each(lanes)('client: %s', (client) => {
  describe.each(bothTargets)('on $name', ({ isSkipped, start }) => {
    test.skipIf(isSkipped).each([
      [1, 1],
      [10, 1],
      [7, 3],
      [100, 4],
    ])('documents are stored, %i per INSERT, %i INSERTs in flight', async (batchRows, pipelining) => {
      const { url, schema } = await start()
      const options = { client, schema, batchRows, pipelining, batchDelayMs: '1ms', documentSize: '100B' }
      const { open, prepare, audit, bytes, sendAll, countOf } = writeHeavyFlow(url, options)
      await prepare()
      const connection = await open()
      expect(connection.streams).toBe(batchRows * pipelining)
      expect(countOf(await sendAll(connection, 1_003))).toEqual({ 'insert inserted': 1_003 })
      expect(bytes).toEqual({ sent: 100_300, received: 0 })
      const findings = await audit()
      expect(findings.map(({ status, examined }) => [status, examined])).toEqual([
        ['passed', 1_003],
        ['passed', 1_003],
        ['passed', 1_003],
        ['skipped', 0],
      ])
    })
  })

  test.skipIf(withoutPostgres)('documents are JSON of the configured size', async () => {
    const { schema, sql, open, sendAll } = await preparedFlow('write-heavy', { client, batchDelayMs: '1ms' })
    await sendAll(await open(), 250)
    // jsonb writes a space after every colon and comma
    expect(
      await sql(
        `SELECT DISTINCT length(document::text) AS length, jsonb_typeof(document) AS type FROM ${schema}.documents`,
      ),
    ).toEqual([{ length: 1_024 + 3, type: 'object' }])
    const [row] = await sql(`SELECT count(DISTINCT document->>'sequence') AS count FROM ${schema}.documents`)
    expect(row).toEqual({ count: '250' })
  })

  test.skipIf(withoutPostgres)(
    'requests of one turn leave with one INSERT, which answers them all',
    async () => {
      const { schema, sql, open, send, countOf } = await preparedFlow('write-heavy', {
        client,
        batchRows: 50,
        batchDelayMs: '60s',
      })
      const connection = await open()
      let answered = 0
      const requests = Array.from({ length: 50 }, async (_, index) => {
        const outcome = await send(connection, index)
        answered++
        return outcome
      })
      expect(answered).toBe(0)
      expect(countOf(await Promise.all(requests))).toEqual({ 'insert inserted': 50 })
      // one INSERT is one transaction
      expect(await sql(`SELECT count(DISTINCT xmin::text) AS count FROM ${schema}.documents`)).toEqual([
        { count: '1' },
      ])
    },
  )

  test.skipIf(withoutPostgres)('a batch that does not fill up leaves after its delay', async () => {
    const { schema, sql, open, send } = await preparedFlow('write-heavy', { client, batchDelayMs: '20ms' })
    const connection = await open()
    for (let round = 0; round < 3; round++)
      await Promise.all([send(connection, 2 * round), send(connection, 2 * round + 1)])
    expect(await sql(`SELECT count(*) AS count FROM ${schema}.documents GROUP BY xmin::text`)).toEqual([
      { count: '2' },
      { count: '2' },
      { count: '2' },
    ])
  })

  test.skipIf(withoutPostgres)('rows gather while as many INSERTs are in flight as allowed', async () => {
    const { schema, sql, cluster, open, send } = await preparedFlow('write-heavy', {
      client,
      batchRows: 10,
      batchDelayMs: '1ms',
    })
    const connection = await open()
    const blocker = await connected(cluster.port)
    await blocker.query(`BEGIN; LOCK TABLE ${schema}.documents`)
    const first = send(connection, 0)
    await expect
      .poll(() => sql(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`), { timeout: 20_000 })
      .toHaveLength(1)
    const others: Promise<unknown>[] = []
    for (const index of [1, 2, 3, 4, 5]) {
      others.push(send(connection, index))
      // longer than a batch waits for others
      await sql('SELECT pg_sleep(0.005)')
    }
    await blocker.query('COMMIT')
    await blocker.end()
    await Promise.all([first, ...others])
    expect(
      await sql(`SELECT count(*)::int AS count FROM ${schema}.documents GROUP BY xmin::text ORDER BY count`),
    ).toEqual([{ count: 1 }, { count: 5 }])
  })

  test.skipIf(withoutPostgres)(
    'a refused INSERT answers all of its rows, and the next one works',
    async () => {
      const { schema, sql, open, audit, sendAll, countOf } = await preparedFlow('write-heavy', {
        client,
        batchRows: 5,
        batchDelayMs: '1ms',
      })
      const connection = await open()
      await sendAll(connection, 10)
      await sql(`ALTER TABLE ${schema}.documents ADD CONSTRAINT none CHECK (false) NOT VALID`)
      const refused = await sendAll(connection, 10)
      expect(countOf(refused)).toEqual({ 'insert 23514': 10 })
      expect(refused[0]!.ok).toBe(false)
      await sql(`ALTER TABLE ${schema}.documents DROP CONSTRAINT none`)
      expect(countOf(await sendAll(connection, 10))).toEqual({ 'insert inserted': 10 })
      expect((await audit()).map(({ status, examined }) => [status, examined])).toEqual([
        ['passed', 20],
        ['passed', 20],
        ['passed', 20],
        ['passed', 10],
      ])
    },
  )

  test.skipIf(withoutPostgres)('a statement that no longer exists is prepared again', async () => {
    const { schema, sql, open, prepare, sendAll, countOf } = await preparedFlow('write-heavy', {
      client,
      batchRows: 5,
      batchDelayMs: '1ms',
      pipelining: 2,
    })
    const connection = await open()
    await sendAll(connection, 20)
    await sql(`DROP TABLE ${schema}.documents`)
    expect(Object.keys(countOf(await sendAll(connection, 20)))).toContain('insert 42P01')
    await prepare()
    // the first ones may still use the old statement
    await sendAll(connection, 10)
    expect(countOf(await sendAll(connection, 20))).toEqual({ 'insert inserted': 20 })
  })

  test.skipIf(withoutPostgres)(
    'a value that is too large is an outcome, and the connection stays good',
    async () => {
      const { schema, sql, open, sendAll, countOf } = await preparedFlow('write-heavy', {
        client,
        batchRows: 2,
        batchDelayMs: '1ms',
        documentSize: '16KB',
      })
      // an entry of a B-tree may take a third of a page
      await sql(`CREATE INDEX ON ${schema}.documents ((document->>'text'))`)
      const connection = await open()
      expect(countOf(await sendAll(connection, 4))).toEqual({ 'insert 54000': 4 })
      await sql(`DROP INDEX ${schema}.documents_expr_idx`)
      expect(countOf(await sendAll(connection, 4))).toEqual({ 'insert inserted': 4 })
    },
  )

  test.skipIf(withoutPostgres)('documents of megabytes are stored unchanged', async () => {
    const { open, audit, sendAll, countOf } = await preparedFlow('write-heavy', {
      client,
      batchRows: 4,
      batchDelayMs: '1ms',
      documentSize: '2MiB',
      pipelining: 2,
    })
    expect(countOf(await sendAll(await open(), 12))).toEqual({ 'insert inserted': 12 })
    expect((await audit())[2]).toMatchObject({ status: 'passed', examined: 12 })
  })

  test('rows that have not been sent fail when the connection closes', async () => {
    const { open, send } = writeHeavyFlow(await loopbackTarget(), { client, batchDelayMs: '60s' })
    const connection = await open()
    const waiting = [send(connection, 0), send(connection, 1)].map((request) =>
      request.catch((error: unknown) => error),
    )
    await connection.close()
    for (const failure of await Promise.all(waiting))
      expect(failure).toMatchObject({ code: 'CONNECTION_CLOSED' })
  })
})
