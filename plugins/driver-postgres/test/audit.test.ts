import { describe, expect, test } from 'vitest'
import { flow, sendAll } from './context.ts'
import { loopbackTarget, realPostgres, withoutPostgres } from './servers/servers.ts'

describe.skipIf(withoutPostgres)('documents', () => {
  const written = async () => {
    const { url, schema, sql } = await realPostgres()
    const { open, prepare, audit } = flow('write-heavy', url, { schema, batchRows: 20, batchDelayMs: 1 })
    await prepare()
    await sendAll(await open(), 300)
    return { table: `${schema}.documents`, sql, audit }
  }

  test('an acknowledged one that is gone is found', async () => {
    const { table, sql, audit } = await written()
    await sql(`DELETE FROM ${table} WHERE sequence IN (7, 8)`)
    const [stored, once, intact] = await audit()
    expect(stored).toMatchObject({ status: 'failed', examined: 300, violations: 2 })
    expect(stored!.message).toMatch(/^2 documents are gone; the first is write 7 of writer \d+$/)
    expect(once).toMatchObject({ status: 'passed', examined: 298 })
    expect(intact).toMatchObject({ status: 'passed' })
  })

  test('one that is stored twice is found', async () => {
    const { table, sql, audit } = await written()
    await sql(
      `INSERT INTO ${table} (writer, sequence, document) SELECT writer, sequence, document FROM ${table} WHERE sequence <= 3`,
    )
    const [stored, once] = await audit()
    expect(stored).toMatchObject({ status: 'passed' })
    expect(once).toMatchObject({
      name: 'documents are stored once',
      status: 'failed',
      violations: 3,
      message: '3 documents are stored more than once',
    })
  })

  test('ones that are not what was sent are found', async () => {
    const { table, sql, audit } = await written()
    await sql(`UPDATE ${table} SET document = jsonb_set(document, '{text}', '"x"') WHERE sequence = 1`)
    await sql(`UPDATE ${table} SET document = jsonb_set(document, '{sequence}', '"3"') WHERE sequence = 2`)
    await sql(`UPDATE ${table} SET document = '[]' WHERE sequence = 3`)
    const [stored, once, intact] = await audit()
    expect(stored).toMatchObject({ status: 'passed' })
    expect(once).toMatchObject({ status: 'passed' })
    expect(intact).toMatchObject({
      name: 'documents are as they were sent',
      status: 'failed',
      violations: 3,
      message: '3 documents are damaged',
    })
  })

  test('one that is stored although it was refused is found', async () => {
    const { url, schema, sql } = await realPostgres()
    const { open, prepare, audit } = flow('write-heavy', url, { schema, batchRows: 5, batchDelayMs: 1 })
    await prepare()
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

  test('what other runs have left is none of this one', async () => {
    const { table, sql, audit } = await written()
    await sql(`INSERT INTO ${table} (writer, sequence, document) VALUES (1, 1, '{}'), (1, 1, '{}')`)
    for (const { status, violations } of await audit())
      expect([status, violations]).toEqual([expect.stringMatching(/passed|skipped/), 0])
  })

  test('more of them than are read back at once', async () => {
    const { url, schema, sql } = await realPostgres()
    const options = { schema, batchRows: 1_000, batchDelayMs: 1, documentSize: 64, pipelining: 2 }
    const { open, prepare, audit } = flow('write-heavy', url, options)
    await prepare()
    await sendAll(await open(), 70_000)
    await sql(`DELETE FROM ${schema}.documents WHERE sequence IN (1, 65536, 70000)`)
    expect((await audit())[0]).toMatchObject({ status: 'failed', examined: 70_000, violations: 3 })
  })
})

describe.skipIf(withoutPostgres)('transactions', () => {
  const done = async (updates: number) => {
    const { url, schema, sql } = await realPostgres()
    const options = { schema, rows: 20, reads: 0, updates }
    const { open, prepare, audit } = flow('mixed', url, options)
    await prepare()
    await sendAll(await open(), 100)
    return { schema, sql, audit }
  }

  test('an acknowledged one that is gone is found, and so are the rows that do not add up', async () => {
    const { schema, sql, audit } = await done(1)
    await sql(`DELETE FROM ${schema}.history WHERE sequence = 7`)
    const findings = await audit()
    expect(findings.map(({ status }) => status)).toEqual(['failed', 'passed', 'passed', 'skipped', 'failed'])
    expect(findings[0]).toMatchObject({ violations: 1 })
    expect(findings[4]).toMatchObject({ name: 'rows are the sum of their history', violations: 1 })
  })

  test('one of which only a part is there is found', async () => {
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

  test('one that is booked twice is found', async () => {
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

  test('a row that somebody else has changed is found', async () => {
    const { schema, sql, audit } = await done(1)
    await sql(`UPDATE ${schema}.items SET version = version + 1 WHERE id = 3`)
    expect((await audit())[4]).toMatchObject({
      status: 'failed',
      violations: 1,
      message: '1 rows are not what was added to them',
    })
  })
})

test.each(['write-heavy', 'mixed'] as const)(
  'with nothing written there is nothing to judge: %s',
  async (name) => {
    const { audit, prepare } = flow(name, await loopbackTarget(), {})
    await prepare()
    const findings = await audit()
    expect(findings.length).toBeGreaterThan(0)
    for (const finding of findings) expect(finding.status).toBe('skipped')
  },
)
