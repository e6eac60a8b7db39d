import { expect, test, vi } from 'vitest'
import { mixedFlow } from '../fixtures/flows.ts'
import { realPostgres, withoutPostgres } from '../servers/postgres.ts'

/** For several connections whose transactions update very few rows. */
const crowd = { rows: 3, reads: 0, updates: 3 }

test.skipIf(withoutPostgres)('a deadlock is an outcome, and everything acknowledged is stored', async () => {
  const { url, schema } = await realPostgres()
  const { open, prepare, audit, observe, sendAll, countOf } = mixedFlow(url, { schema, ...crowd })
  await prepare()
  const connections = await Promise.all([0, 1, 2, 3].map((index) => open(index, 4)))
  const counts: Record<string, number> = {}
  await vi.waitUntil(async () => {
    for (const outcomes of await Promise.all(connections.map((connection) => sendAll(connection, 50))))
      for (const [key, count] of Object.entries(countOf(outcomes))) counts[key] = (counts[key] ?? 0) + count
    return (counts['transaction 40P01'] ?? 0) > 0
  }, 20_000)
  expect(Object.keys(counts).toSorted()).toEqual(['transaction 40P01', 'transaction committed'])
  const findings = await audit()
  expect(findings.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed'])
  expect(findings[3]).toMatchObject({ examined: counts['transaction 40P01'] })
  await expect
    .poll(async () => (await observe())['deadlocks'], { timeout: 20_000 })
    .toBe(counts['transaction 40P01'])
})

test.skipIf(withoutPostgres).each([
  ['repeatable read', 'step by step'],
  ['serializable', 'at once'],
])('a serialization failure is an outcome: %s, %s', async (isolation, transaction) => {
  const { url, schema } = await realPostgres()
  const options = { schema, rows: 1, reads: 0, isolation, transaction }
  const { open, prepare, audit, sendAll, countOf } = mixedFlow(url, options)
  await prepare()
  const connections = await Promise.all([0, 1, 2, 3].map((index) => open(index, 4)))
  const counts: Record<string, number> = {}
  await vi.waitUntil(async () => {
    for (const outcomes of await Promise.all(connections.map((connection) => sendAll(connection, 25))))
      for (const [key, count] of Object.entries(countOf(outcomes))) counts[key] = (counts[key] ?? 0) + count
    return (counts['transaction 40001'] ?? 0) > 0
  }, 20_000)
  expect(Object.keys(counts).toSorted()).toEqual(['transaction 40001', 'transaction committed'])
  const findings = await audit()
  expect(findings.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed'])
  expect(findings[0]).toMatchObject({ examined: counts['transaction committed'] })
})

test.skipIf(withoutPostgres)('with conflicts: retry they are committed by a retry', async () => {
  const { url, schema, sql } = await realPostgres()
  const options = { schema, rows: 1, reads: 0, isolation: 'repeatable read', conflicts: 'retry' }
  const { open, prepare, audit, counters, sendAll, countOf } = mixedFlow(url, options)
  await prepare()
  const connections = await Promise.all([0, 1, 2, 3].map((index) => open(index, 4)))
  let requests = 0
  let conflicts = 0
  await vi.waitUntil(async () => {
    for (const outcomes of await Promise.all(connections.map((connection) => sendAll(connection, 25)))) {
      requests += outcomes.length
      const counts = countOf(outcomes)
      conflicts += counts['transaction 40001 retried'] ?? 0
      expect(counts['transaction 40001']).toBe(undefined)
    }
    return conflicts > 0
  }, 20_000)
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

test.skipIf(withoutPostgres)('a transaction that cannot be retried is given up, and not stored', async () => {
  const { url, schema, sql } = await realPostgres()
  const options = { schema, rows: 1, reads: 0, isolation: 'repeatable read', conflicts: 'retry' }
  const { open, prepare, audit, counters, sendAll, countOf } = mixedFlow(url, options)
  await prepare()
  const connections = await Promise.all([0, 1, 2, 3].map((index) => open(index, 4)))
  // the load uses prepared statements; retries are recognised by their literal numbers
  await sql(`CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF current_query() NOT LIKE '%$1%' THEN RAISE EXCEPTION 'not again'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON ${schema}.items FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()`)
  let conflicts = 0
  await vi.waitUntil(async () => {
    for (const outcomes of await Promise.all(connections.map((connection) => sendAll(connection, 25))))
      conflicts += countOf(outcomes)['transaction 40001 retried'] ?? 0
    return conflicts > 0
  }, 20_000)
  const findings = await audit()
  expect(counters['transactions given up']).toBe(conflicts)
  expect(findings[3]).toMatchObject({
    name: 'refused transactions are not stored',
    status: 'passed',
    examined: conflicts,
  })
})
