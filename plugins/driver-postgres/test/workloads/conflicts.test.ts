import type { Outcome } from '@cloudbench/core'
import type { Flow } from '@cloudbench/testkit/flow'
import { describe, expect, test, vi } from 'vitest'
import { preparedFlow } from '../fixtures/flows.ts'
import { lanes, transactionsOf } from '../fixtures/lanes.ts'
import { withoutPostgres } from '../servers/postgres.ts'

/** Every transaction updates the same row, and is retried when it conflicts. */
const retrying = { rows: 1, reads: 0, isolation: 'repeatable read', conflicts: 'retry' }

/** Sends transactions over four connections until one of them is refused for that reason, and counts the outcomes. */
async function countUntil(sqlState: string, { open, sendAll, countOf }: Flow, requests: number) {
  const connections = await Promise.all([0, 1, 2, 3].map((index) => open(index, 4)))
  const outcomes: Outcome[] = []
  await vi.waitUntil(async () => {
    for (const answers of await Promise.all(connections.map((connection) => sendAll(connection, requests))))
      outcomes.push(...answers)
    return (countOf(outcomes)[`transaction ${sqlState}`] ?? 0) > 0
  }, 20_000)
  return countOf(outcomes)
}

describe.each(lanes)('client: %s', (client) => {
  test.skipIf(withoutPostgres)(
    'a deadlock is an outcome, and everything acknowledged is stored',
    async () => {
      const flow = await preparedFlow('mixed', { client, rows: 3, reads: 0, updates: 3 })
      const before = (await flow.observe())['deadlocks']!
      const counts = await countUntil('40P01', flow, 50)
      expect(Object.keys(counts).toSorted()).toEqual(['transaction 40P01', 'transaction committed'])
      const findings = await flow.audit()
      expect(findings.map(({ status }) => status)).toEqual([
        ...Array.from({ length: 5 }, () => 'passed'),
        'skipped',
      ])
      expect(findings[3]).toMatchObject({ examined: counts['transaction 40P01'] })
      await expect
        .poll(async () => (await flow.observe())['deadlocks']! - before, { timeout: 20_000 })
        .toBe(counts['transaction 40P01'])
    },
  )

  test.skipIf(withoutPostgres).each([
    ['repeatable read', 'step by step'],
    ['serializable', transactionsOf(client).at(-1)!],
  ])('a serialization failure is an outcome: %s, %s', async (isolation, transaction) => {
    const flow = await preparedFlow('mixed', { client, rows: 1, reads: 0, isolation, transaction })
    const counts = await countUntil('40001', flow, 25)
    expect(Object.keys(counts).toSorted()).toEqual(['transaction 40001', 'transaction committed'])
    const findings = await flow.audit()
    expect(findings.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 5 }, () => 'passed'),
      'skipped',
    ])
    expect(findings[0]).toMatchObject({ examined: counts['transaction committed'] })
  })

  test.skipIf(withoutPostgres)('with conflicts: retry they are committed by a retry', async () => {
    const flow = await preparedFlow('mixed', { client, ...retrying })
    const { schema, sql, audit, counters } = flow
    const counts = await countUntil('40001 retried', flow, 25)
    expect(counts['transaction 40001']).toBe(undefined)
    const requests = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const conflicts = counts['transaction 40001 retried']!
    // waits until nothing is left to retry
    const findings = await audit()
    for (const { status, violations } of findings) expect([status, violations]).not.toContain('failed')
    const committed = counters['transactions committed by retry'] ?? 0
    expect(committed + (counters['transactions given up'] ?? 0)).toBe(conflicts)
    expect(counters['transactions retried']).toBeGreaterThanOrEqual(committed)
    expect(findings[0]).toMatchObject({ status: 'passed', examined: requests - conflicts + committed })
    expect(await sql(`SELECT count(*)::int AS count FROM ${schema}.history`)).toEqual([
      { count: requests - conflicts + committed },
    ])
  })

  test.skipIf(withoutPostgres)(
    'a transaction that cannot be retried is given up, and not stored',
    async () => {
      const flow = await preparedFlow('mixed', { client, ...retrying })
      const { schema, sql, audit, counters } = flow
      // the load uses prepared statements; retries are recognised by their literal numbers
      await sql(`CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF current_query() NOT LIKE '%$1%' THEN RAISE EXCEPTION 'not again'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON ${schema}.items FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()`)
      const { 'transaction 40001 retried': conflicts } = await countUntil('40001 retried', flow, 25)
      const findings = await audit()
      expect(counters['transactions given up']).toBe(conflicts)
      expect(findings[3]).toMatchObject({
        name: 'refused transactions are not stored',
        status: 'passed',
        examined: conflicts,
      })
    },
  )
})
