import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { preparedFlow, writeHeavyFlow } from './fixtures/flows.ts'
import { lanes } from './fixtures/lanes.ts'
import { loopbackTarget } from './servers/loopback.ts'
import { realPostgres, withoutPostgres } from './servers/postgres.ts'

describe.each(lanes)('client: %s', (client) => {
  describe.skipIf(withoutPostgres)('documents', () => {
    const written = async () => {
      const { schema, sql, open, audit, sendAll } = await preparedFlow('write-heavy', {
        client,
        batchRows: 20,
        batchDelayMs: '1ms',
      })
      await sendAll(await open(), 300)
      return { table: `${schema}.documents`, sql, audit }
    }

    test('finds an acknowledged document that is gone', async () => {
      const { table, sql, audit } = await written()
      await sql(`DELETE FROM ${table} WHERE sequence IN (7, 8)`)
      const [stored, once, intact] = await audit()
      expect(stored).toMatchObject({ status: 'failed', examined: 300, violations: 2 })
      expect(stored!.message).toMatch(/^2 documents are gone; the first is write 7 of writer \d+$/)
      expect(once).toMatchObject({ status: 'passed', examined: 298 })
      expect(intact).toMatchObject({ status: 'passed' })
    })

    test('finds a document that is stored twice', async () => {
      const { table, sql, audit } = await written()
      await sql(
        `INSERT INTO ${table} (writer, sequence, document) SELECT writer, sequence, document FROM ${table} WHERE sequence <= 3`,
      )
      const message = '3 documents are stored more than once'
      expect((await audit()).slice(0, 2)).toMatchObject([
        { status: 'passed' },
        { name: 'documents are stored once', status: 'failed', violations: 3, message },
      ])
    })

    test('finds documents that differ from what was sent', async () => {
      const { table, sql, audit } = await written()
      await sql(`UPDATE ${table} SET document = jsonb_set(document, '{text}', '"x"') WHERE sequence = 1`)
      await sql(`UPDATE ${table} SET document = jsonb_set(document, '{sequence}', '"3"') WHERE sequence = 2`)
      await sql(`UPDATE ${table} SET document = '[]' WHERE sequence = 3`)
      const message = '3 documents are damaged'
      expect((await audit()).slice(0, 3)).toMatchObject([
        { status: 'passed' },
        { status: 'passed' },
        { name: 'documents are as they were sent', status: 'failed', violations: 3, message },
      ])
    })

    test('finds a document that is stored although it was refused', async () => {
      const { schema, sql, open, audit, sendAll } = await preparedFlow('write-heavy', {
        client,
        batchRows: 5,
        batchDelayMs: '1ms',
      })
      const connection = await open()
      await sendAll(connection, 5)
      await sql(`ALTER TABLE ${schema}.documents ADD CONSTRAINT none CHECK (false) NOT VALID`)
      await sendAll(connection, 5)
      await sql(`ALTER TABLE ${schema}.documents DROP CONSTRAINT none;
      INSERT INTO ${schema}.documents (writer, sequence, document) SELECT writer, 6, document FROM ${schema}.documents LIMIT 1`)
      expect((await audit())[3]).toMatchObject({
        name: 'refused documents are not stored',
        status: 'failed',
        examined: 5,
        violations: 1,
      })
    })

    test('ignores what other runs have left', async () => {
      const { table, sql, audit } = await written()
      await sql(`INSERT INTO ${table} (writer, sequence, document) VALUES (1, 1, '{}'), (1, 1, '{}')`)
      for (const { status, violations } of await audit())
        expect([status, violations]).toEqual([expect.stringMatching(/passed|skipped/), 0])
    })

    test('reads back more documents than one fetch returns', async () => {
      const { url, schema, sql } = await realPostgres()
      const options = { schema, batchRows: 1_000, batchDelayMs: '1ms', documentSize: '64B', pipelining: 2 }
      const { open, prepare, audit, sendAll } = writeHeavyFlow(url, options)
      await prepare()
      await sendAll(await open(), 70_000)
      await sql(`DELETE FROM ${schema}.documents WHERE sequence IN (1, 65536, 70000)`)
      expect((await audit())[0]).toMatchObject({ status: 'failed', examined: 70_000, violations: 3 })
    })
  })

  describe.skipIf(withoutPostgres)('transactions', () => {
    const done = async (updates: number) => {
      const { schema, sql, open, audit, sendAll } = await preparedFlow('mixed', {
        client,
        rows: 20,
        reads: 0,
        updates,
      })
      await sendAll(await open(), 100)
      return { schema, sql, audit }
    }

    test('finds an acknowledged transaction that is gone, and the rows that do not add up', async () => {
      const { schema, sql, audit } = await done(1)
      await sql(`DELETE FROM ${schema}.history WHERE sequence = 7`)
      const findings = await audit()
      expect(findings.map(({ status }) => status)).toEqual([
        'failed',
        'passed',
        'passed',
        'skipped',
        'failed',
        'skipped',
      ])
      expect(findings[0]).toMatchObject({ violations: 1 })
      expect(findings[4]).toMatchObject({ name: 'rows are the sum of their history', violations: 1 })
    })

    test('finds a transaction that is stored only in part', async () => {
      const { schema, sql, audit } = await done(3)
      await sql(
        `DELETE FROM ${schema}.history WHERE ctid IN (SELECT min(ctid::text)::tid FROM ${schema}.history WHERE sequence = 7)`,
      )
      const findings = await audit()
      expect(findings[0]).toMatchObject({ status: 'passed' })
      expect(findings[2]).toMatchObject({
        name: 'transactions are stored whole',
        status: 'failed',
        violations: 1,
      })
    })

    test('finds a transaction that is stored twice', async () => {
      const { schema, sql, audit } = await done(1)
      await sql(`INSERT INTO ${schema}.history SELECT * FROM ${schema}.history WHERE sequence = 7`)
      const findings = await audit()
      expect(findings[1]).toMatchObject({
        name: 'transactions are stored once',
        status: 'failed',
        violations: 1,
      })
      expect(findings[4]).toMatchObject({ status: 'failed', violations: 1 })
    })

    test('finds a row that something else has changed', async () => {
      const { schema, sql, audit } = await done(1)
      await sql(`UPDATE ${schema}.items SET version = version + 1 WHERE id = 3`)
      expect((await audit())[4]).toMatchObject({
        status: 'failed',
        violations: 1,
        message: '1 rows are not the sum of their history',
      })
    })
  })

  describe.skipIf(withoutPostgres).each(['read', 'mixed'] as const)('reads of %s', (workload) => {
    test.each([
      [
        'another payload',
        'UPDATE items SET payload = (SELECT payload FROM items WHERE id = 8) WHERE id = 7',
        'wrong row',
        'row 7 has the payload of row 8',
      ],
      [
        'a shorter payload',
        `UPDATE items SET payload = 'x' WHERE id = 7`,
        'wrong row',
        'row 7 has a payload of 1 characters, not of 84',
      ],
      [
        'a damaged payload',
        'UPDATE items SET payload = reverse(payload) WHERE id = 7',
        'wrong row',
        'row 7 has a payload that was never written to it',
      ],
      ['no such row', 'DELETE FROM items WHERE id = 7', 'no row', 'row 7 is gone'],
    ])('that find %s fail the run', async (_what, damage, outcome, message) => {
      const { url, schema, sql } = await realPostgres()
      const options = { schema, rows: 20, ...(workload === 'mixed' && { reads: '100%' }) }
      const { open, prepare, audit, sendAll, countOf } = openFlow(driver, url, options, { workload })
      await prepare()
      await sql(`SET search_path TO ${schema}; ${damage}`)
      const counts = countOf(await sendAll(await open(), 300))
      const violations = counts[`select ${outcome}`]!
      expect(violations).toBeGreaterThan(0)
      expect((await audit()).at(-1)).toEqual({
        name: 'reads return what was written',
        status: 'failed',
        examined: 300,
        violations,
        message,
      })
    })

    test('that are not verified are not judged', async () => {
      const { open, prepare, audit, sendAll } = openFlow(
        driver,
        await loopbackTarget(),
        { client, rows: 20, verify: false },
        { workload },
      )
      await prepare()
      await sendAll(await open(), 50)
      expect((await audit()).at(-1)).toMatchObject({ status: 'skipped', examined: 0 })
    })
  })

  test.each(['write-heavy', 'mixed'] as const)(
    'without writes there is nothing to audit: %s',
    async (name) => {
      const { audit, prepare } = openFlow(driver, await loopbackTarget(), { client }, { workload: name })
      await prepare()
      const findings = await audit()
      expect(findings.length).toBeGreaterThan(0)
      for (const finding of findings) expect(finding.status).toBe('skipped')
    },
  )
})
