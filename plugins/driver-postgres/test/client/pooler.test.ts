import { countingProxy } from '@cloudbench/fixtures/counting-proxy'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { lanes, transactionsOf } from '../fixtures/lanes.ts'
import { bothTargets } from '../servers/loopback.ts'
import { pooledPostgres, withoutPooler } from '../servers/pooler.ts'
import { realPostgres } from '../servers/postgres.ts'

const flows = [
  ['read', { rows: 100, verify: true }, ['select row']],
  ['mixed', { rows: 1_000, isolation: 'repeatable read', conflicts: 'retry' }, []],
  ['mixed', { rows: 100, transaction: 'at once', pipelining: 4 }, ['select row', 'transaction committed']],
  ['write-heavy', { batchDelayMs: '1ms', batchRows: 7 }, ['insert inserted']],
] as const

/** The flows of every lane that has them. */
const flowsOfLanes = lanes.flatMap((client) =>
  flows
    .filter(
      ([, options]) => !('transaction' in options) || transactionsOf(client).includes(options.transaction),
    )
    .map(([workload, options, outcomes]) => [workload, { client, ...options }, outcomes] as const),
)

describe.skipIf(withoutPooler)('through PgBouncer in transaction mode', () => {
  test.each(flowsOfLanes)('%s with %j', async (workload, options, outcomes) => {
    const { url, schema, sql } = await pooledPostgres(2)
    const flow = openFlow(driver, url, { schema, pooler: 'transaction', ...options }, { workload })
    await flow.prepare()
    const connections = await Promise.all([0, 1, 2, 3].map((index) => flow.open(index, 4)))
    const answers = await Promise.all(connections.map((connection) => flow.sendAll(connection, 200)))
    const counts = flow.countOf(answers.flat())
    if (outcomes.length > 0) expect(Object.keys(counts).toSorted()).toEqual([...outcomes])
    else expect(Object.keys(counts).filter((name) => /26000|42P05/.test(name))).toEqual([])
    for (const finding of await flow.audit()) expect(finding.violations).toBe(0)
    expect(await sql(`SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'advisory'`)).toEqual([
      { held: 0 },
    ])
  })

  test('without finding it out, the error names the option', async () => {
    const { url, schema } = await pooledPostgres(1)
    const flow = openFlow(driver, url, { schema, rows: 10, pooler: 'none' })
    await flow.prepare()
    await flow.open(0, 2)
    await expect(flow.open(1, 2)).rejects.toMatchObject({
      message: expect.stringMatching(/as a transaction pooler does: .* \(42P05\)$/) as string,
      next: expect.stringContaining('set the option pooler to transaction') as string,
    })
  })
})

describe.skipIf(withoutPooler)('a pooler is found out', () => {
  /** What processes of the server did last for a schema. */
  const lastQueries = async (
    sql: (text: string) => Promise<Readonly<Record<string, unknown>>[]>,
    schema: string,
  ): Promise<readonly unknown[]> => {
    const rows = await sql(
      `SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%"${schema}"%'`,
    )
    return rows.map(({ query }) => query)
  }

  test.each([
    ['one process', 1, ''],
    ['two processes', 2, ''],
    ['two processes in turns', 2, 'server_round_robin = 1'],
  ])('in transaction mode, with %s', async (_, size, more) => {
    const { url, schema } = await pooledPostgres(size, 'transaction', more)
    for (const [workload, options] of flowsOfLanes) {
      const flow = openFlow(driver, url, { schema, ...options }, { workload })
      expect(await flow.prepare()).toMatchObject({ pooler: 'transaction' })
      const connections = await Promise.all([0, 1, 2, 3].map((index) => flow.open(index, 4)))
      const answers = await Promise.all(connections.map((connection) => flow.sendAll(connection, 100)))
      const names = Object.keys(flow.countOf(answers.flat()))
      expect(names.filter((name) => /26000|42P05|40001$/.test(name))).toEqual([])
      for (const finding of await flow.audit()) expect(finding.violations).toBe(0)
      expect(flow.warnings).toEqual([
        expect.stringMatching(
          /^127\.0\.0\.1:\d+ is a pooler in transaction mode, so statements have no name/,
        ),
      ])
      await flow.close()
    }
  })

  test.each([
    ['a process for everyone', 10, 'wire'],
    // the second session, which is only compared, gets none
    ['a process for one', 1, 'wire'],
    ['a process for everyone', 10, 'pg'],
    ['a process for everyone', 10, 'postgres.js'],
  ])(
    'in session mode, with %s, where statements keep their names; size %i, client: %s',
    async (_, size, client) => {
      const { url, schema, sql } = await pooledPostgres(size, 'session', 'server_reset_query = DISCARD ALL')
      await openFlow(driver, (await realPostgres()).url, { schema, rows: 10 }).prepare()
      const flow = openFlow(driver, url, {
        client,
        schema,
        rows: 10,
        preload: false,
        statementTimeoutMs: '10s',
      })
      expect(await flow.prepare()).toEqual({ preloaded: false })
      const connection = await flow.open()
      expect(flow.countOf(await flow.sendAll(connection, 50))).toEqual({ 'select row': 50 })
      expect(flow.warnings).toEqual([])
      expect(await lastQueries(sql, schema)).toEqual([
        expect.stringMatching(/SELECT payload FROM .* WHERE id = \$1/),
      ])
    },
  )

  test('the connection that is compared is counted, as the pooler has accepted it', async () => {
    const { url, schema } = await pooledPostgres(2)
    const proxy = await countingProxy('postgres', Number(new URL(url).port))
    const flow = openFlow(driver, `postgres://postgres@127.0.0.1:${proxy.port}/postgres`, {
      schema,
      rows: 10,
    })
    await openFlow(driver, url, { schema, rows: 10 }).prepare()
    for (const index of [0, 1, 2]) await flow.open(index, 3)
    expect(proxy.accepted).toBe(4)
    expect(flow.sockets.opened).toBe(4)
    await expect.poll(() => flow.sockets.open, { timeout: 20_000 }).toBe(3)
  })

  test('what would stay in a session is refused', async () => {
    const { url, schema } = await pooledPostgres(2)
    const flow = openFlow(driver, url, { schema, rows: 10, statementTimeoutMs: '1s' })
    await flow.prepare()
    await expect(flow.open()).rejects.toMatchObject({
      code: 'CB_CONNECT',
      message: expect.stringMatching(/in transaction mode, and the option statementTimeoutMs/) as string,
      next: expect.stringContaining('ALTER ROLE') as string,
    })
    const isolated = openFlow(
      driver,
      url,
      { schema, rows: 10, transaction: 'at once', isolation: 'serializable' },
      { workload: 'mixed' },
    )
    await isolated.prepare()
    await expect(isolated.open()).rejects.toThrow(/and the option isolation/)
  })

  test('what needs names is refused, where there is nothing in flight without them', async () => {
    const { url, schema } = await pooledPostgres(2)
    const flow = openFlow(driver, url, { client: 'postgres.js', schema, rows: 10, pipelining: 4 })
    await flow.prepare()
    await expect(flow.open()).rejects.toMatchObject({
      message: expect.stringMatching(/in transaction mode, and without names postgres\.js has one/) as string,
      next: expect.stringContaining('set pipelining to 1') as string,
    })
    await expect.poll(() => flow.sockets.open, { timeout: 20_000 }).toBe(0)
  })

  test('settings in the url that it does not know are explained', async () => {
    const { url, schema } = await pooledPostgres(1)
    await expect(
      openFlow(driver, `${url}?options=-c%20jit%3Doff`, { schema, rows: 10 }).prepare(),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/takes no such setting: unsupported startup parameter/) as string,
      next: expect.stringContaining('ignore_startup_parameters') as string,
    })
  })
})

describe.each(bothTargets)('on $name itself', ({ start, isSkipped }) => {
  test.skipIf(isSkipped).each(flowsOfLanes)('%s with %j', async (workload, options) => {
    const { url, schema } = await start()
    const flow = openFlow(driver, url, { schema, pooler: 'transaction', ...options }, { workload })
    await flow.prepare()
    const answers = await flow.sendAll(await flow.open(), 100)
    expect(answers.filter(({ ok }) => !ok)).toEqual([])
    for (const finding of await flow.audit()) expect(finding.violations).toBe(0)
  })
})
