import { openFlow, testTrace } from '@cloudbench/testkit/flow'
import { describe, expect, test, vi } from 'vitest'
import driver from '../src/index.ts'
import { lanes, transactionsOf } from './fixtures/lanes.ts'
import { loopbackTarget } from './servers/loopback.ts'
import { realPostgres, withoutPostgres } from './servers/postgres.ts'

const indices = [0, 1, 2, 300]
const expected = indices.map((index) => testTrace.traceparent(index))

interface Executed {
  readonly traceparent: string
  readonly text: string
}

/** A PostgreSQL that logs the statements of sessions to come, and those with a trace context, in order. */
async function loggingPostgres() {
  const server = await realPostgres()
  let log = ''
  server.cluster.onLog((text) => {
    log += text
  })
  await server.sql(`ALTER ROLE postgres SET log_statement = 'all'`)
  const pattern = /(?:statement|execute [^:]*): \/\*traceparent='([^']*)'\*\/ (.*)$/gm
  return {
    ...server,
    executed: (): readonly Executed[] =>
      Array.from(log.matchAll(pattern), ([, traceparent, text]) => ({
        traceparent: traceparent!,
        text: text!.trim(),
      })),
  }
}

describe.each(lanes)('client: %s', (client) => {
  test.skipIf(withoutPostgres)('the server sees the trace context of each SELECT', async () => {
    const { url, schema, sql, executed } = await loggingPostgres()
    const options = { client, schema, rows: 100 }
    const flow = openFlow(driver, url, options, { trace: testTrace })
    await flow.prepare()
    const connection = await flow.open()
    for (const index of indices) expect((await flow.send(connection, index)).name).toBe('row')
    const [activity] = await sql(`SELECT query FROM pg_stat_activity WHERE query LIKE '/*traceparent=%'`)
    expect(activity!['query']).toBe(
      `/*traceparent='${expected.at(-1)}'*/ SELECT payload FROM "${schema}".items WHERE id = $1`,
    )
    await vi.waitFor(() => expect(executed().map(({ traceparent }) => traceparent)).toEqual(expected))
    // the same rows as ever
    expect(flow.countOf(await flow.sendAll(connection, 50))).toEqual({ 'select row': 50 })
    for (const finding of await flow.audit()) expect(finding.violations).toBe(0)
  })

  test.skipIf(withoutPostgres).each(transactionsOf(client))(
    'each statement of a transaction has that of its request: %s',
    async (transaction) => {
      const { url, schema, executed } = await loggingPostgres()
      const options = { client, schema, rows: 100, reads: 0, transaction }
      const flow = openFlow(driver, url, options, { workload: 'mixed', trace: testTrace })
      await flow.prepare()
      const connection = await flow.open()
      for (const index of indices) expect((await flow.send(connection, index)).ok).toBe(true)
      const words = ['UPDATE', 'SELECT', 'INSERT']
      const all = transaction === 'at once' ? words : ['BEGIN', ...words, 'COMMIT']
      await vi.waitFor(() =>
        expect(executed().map(({ traceparent, text }) => `${traceparent} ${/^\w+/.exec(text)![0]}`)).toEqual(
          expected.flatMap((traceparent) => all.map((word) => `${traceparent} ${word}`)),
        ),
      )
      for (const { violations } of await flow.audit()) expect(violations).toBe(0)
    },
  )

  test.skipIf(withoutPostgres)('an INSERT of several documents has that of its first', async () => {
    const { url, schema, executed } = await loggingPostgres()
    const options = { client, schema, batchRows: 3, batchDelayMs: '1s' }
    const flow = openFlow(driver, url, options, { workload: 'write-heavy', trace: testTrace })
    await flow.prepare()
    const connection = await flow.open()
    await Promise.all([0, 1, 2, 300, 301, 302].map((index) => flow.send(connection, index)))
    await vi.waitFor(() =>
      expect(executed().map(({ traceparent, text }) => [traceparent, text.slice(0, 11)])).toEqual([
        [testTrace.traceparent(0), 'INSERT INTO'],
        [testTrace.traceparent(300), 'INSERT INTO'],
      ]),
    )
    for (const { violations } of await flow.audit()) expect(violations).toBe(0)
  })

  test.each(['read', 'mixed', 'write-heavy'])('the loopback server answers as ever: %s', async (workload) => {
    const options = { client, schema: 'test', ...(workload !== 'write-heavy' && { rows: 100 }) }
    const flow = openFlow(driver, await loopbackTarget(), options, { workload, trace: testTrace })
    await flow.prepare()
    const outcomes = await flow.sendAll(await flow.open(), 50)
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    for (const { violations } of await flow.audit()) expect(violations).toBe(0)
  })
})

test('postgres.js is not asked for what it cannot do: several traced statements at a time', async () => {
  const options = { client: 'postgres.js', schema: 'test', rows: 10, pipelining: 4 }
  const flow = openFlow(driver, await loopbackTarget(), options, { trace: testTrace })
  await expect(flow.open()).rejects.toMatchObject({ code: 'CB_CONNECT', expected: 'pipelining: 1' })
})
