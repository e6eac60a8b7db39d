import { describe, expect, test } from 'vitest'
import { mixedFlow, preparedFlow } from './fixtures/flows.ts'
import { lanes, transactionsOf } from './fixtures/lanes.ts'
import { bothTargets } from './servers/loopback.ts'
import { realPostgres, withoutPostgres } from './servers/postgres.ts'

const transactionCases = [
  { transaction: 'step by step', updates: 1 },
  { transaction: 'step by step', updates: 3, verify: false },
  { transaction: 'at once', updates: 1, pipelining: 8 },
  { transaction: 'at once', updates: 3, pipelining: 2 },
] as const

describe.each(lanes)('client: %s', (client) => {
  const writing = (options: object) => preparedFlow('mixed', { client, rows: 50, reads: 0, ...options })

  describe.each(bothTargets)('on $name', ({ isSkipped, start }) => {
    test
      .skipIf(isSkipped)
      .each(transactionCases.filter(({ transaction }) => transactionsOf(client).includes(transaction)))(
      'rows are read and transactions committed: %j',
      async (options) => {
        const { url, schema } = await start()
        const { open, prepare, audit, sendAll, countOf } = mixedFlow(url, {
          client,
          schema,
          rows: 50,
          reads: '75%',
          ...options,
        })
        await prepare()
        const counts = countOf(await sendAll(await open(), 1_000))
        expect(Object.keys(counts).toSorted()).toEqual(['select row', 'transaction committed'])
        expect(counts['select row']! / 1_000).toBeCloseTo(0.75, 1)
        const findings = await audit()
        expect(findings.map(({ name: finding, status }) => [finding, status])).toEqual([
          ['acknowledged transactions are stored', 'passed'],
          ['transactions are stored once', 'passed'],
          ['transactions are stored whole', 'passed'],
          ['refused transactions are not stored', 'skipped'],
          ['rows are the sum of their history', 'passed'],
          ['reads return what was written', 'verify' in options ? 'skipped' : 'passed'],
        ])
        expect(findings[0]!.examined).toBe(counts['transaction committed'])
      },
    )

    test.skipIf(isSkipped)('rows that transactions have changed are made again', async () => {
      const { url, schema } = await start()
      const { open, prepare, sendAll } = mixedFlow(url, { client, schema, rows: 50, reads: 0 })
      expect(await prepare()).toMatchObject({ preloaded: true })
      expect(await prepare()).toMatchObject({ preloaded: 'before' })
      await sendAll(await open(), 5)
      expect(await prepare()).toMatchObject({ preloaded: true })
    })
  })

  test.skipIf(withoutPostgres).each(transactionsOf(client))(
    'a transaction does what pgbench -N does, %s',
    async (transaction) => {
      const { schema, sql, open, sendAll } = await preparedFlow('mixed', {
        client,
        rows: 50,
        reads: 0,
        transaction,
      })
      await sendAll(await open(), 20)
      // everything a transaction writes has the same xmin
      expect(
        await sql(
          `SELECT count(*) AS count FROM ${schema}.history AS h JOIN ${schema}.items AS i ON i.id = h.item WHERE i.xmin = h.xmin`,
        ),
      ).toEqual([(await sql(`SELECT count(DISTINCT item) AS count FROM ${schema}.history`))[0]])
      expect(
        await sql(`SELECT count(*) AS count FROM ${schema}.history WHERE delta BETWEEN 1 AND 1000`),
      ).toEqual([{ count: '20' }])
    },
  )

  test.skipIf(withoutPostgres)('transactions have the configured isolation level', async () => {
    const { url, schema, sql } = await realPostgres()
    const options = { client, schema, rows: 5, reads: 0, isolation: 'serializable' }
    await mixedFlow(url, options).prepare()
    await sql(`CREATE TABLE ${schema}.seen (level text);
    CREATE FUNCTION ${schema}.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO ${schema}.seen VALUES (current_setting('transaction_isolation')); RETURN NEW; END $$;
    CREATE TRIGGER look BEFORE INSERT ON ${schema}.history FOR EACH ROW EXECUTE FUNCTION ${schema}.look()`)
    for (const transaction of transactionsOf(client)) {
      const { open, sendAll } = mixedFlow(url, { ...options, transaction })
      await sendAll(await open(), 3)
    }
    expect(await sql(`SELECT level, count(*) AS count FROM ${schema}.seen GROUP BY level`)).toEqual([
      { level: 'serializable', count: String(3 * transactionsOf(client).length) },
    ])
  })

  test.skipIf(withoutPostgres).each(transactionsOf(client))(
    'a missing row is an error, %s',
    async (transaction) => {
      const { url, schema } = await realPostgres()
      await mixedFlow(url, { client, schema, rows: 1 }).prepare()
      const options = { client, schema, rows: 1_000_000_000, reads: 0, transaction }
      const { open, send } = mixedFlow(url, options)
      expect(await send(await open())).toMatchObject({ name: 'no row', operation: 'transaction', ok: false })
    },
  )

  test.skipIf(withoutPostgres).each(transactionsOf(client))(
    'a refused transaction leaves nothing behind, and the connection stays good, %s',
    async (transaction) => {
      const { schema, sql, open, audit, sendAll, countOf } = await writing({ transaction })
      const connection = await open()
      await sql(`ALTER TABLE ${schema}.history ADD CONSTRAINT few CHECK (delta > 500)`)
      const counts = countOf(await sendAll(connection, 100))
      expect(Object.keys(counts).toSorted()).toEqual(['transaction 23514', 'transaction committed'])
      const findings = await audit()
      expect(findings.map(({ status }) => status)).toEqual([
        'passed',
        'passed',
        'passed',
        'passed',
        'passed',
        'skipped',
      ])
      expect(findings[3]!.examined).toBe(counts['transaction 23514'])
    },
  )

  test.skipIf(withoutPostgres).each(transactionsOf(client))(
    'a refused commit is a refused transaction, %s',
    async (transaction) => {
      const { schema, sql, open, audit, sendAll, countOf } = await writing({ transaction })
      const connection = await open()
      await sql(`CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'not today'; END $$;
      CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON ${schema}.history DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()`)
      expect(countOf(await sendAll(connection, 10))).toEqual({ 'transaction P0001': 10 })
      await sql(`DROP TRIGGER refuse ON ${schema}.history`)
      expect(countOf(await sendAll(connection, 10))).toEqual({ 'transaction committed': 10 })
      expect((await audit()).map(({ status }) => status)).toEqual([
        'passed',
        'passed',
        'passed',
        'passed',
        'passed',
        'skipped',
      ])
    },
  )
})
