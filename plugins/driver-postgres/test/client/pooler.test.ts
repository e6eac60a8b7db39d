import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { bothTargets } from '../servers/loopback.ts'
import { pooledPostgres, withoutPooler } from '../servers/pooler.ts'

const flows = [
  ['read', { rows: 100, verify: true }, ['select row']],
  ['mixed', { rows: 1_000, isolation: 'repeatable read', conflicts: 'retry' }, []],
  ['mixed', { rows: 100, transaction: 'at once', pipelining: 4 }, ['select row', 'transaction committed']],
  ['write-heavy', { batchDelayMs: '1ms', batchRows: 7 }, ['insert inserted']],
] as const

describe.skipIf(withoutPooler)('through PgBouncer in transaction mode', () => {
  test.each(flows)('%s with %j', async (workload, options, outcomes) => {
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

  test('without the option, the error names it', async () => {
    const { url, schema } = await pooledPostgres(1)
    const flow = openFlow(driver, url, { schema, rows: 10 })
    await flow.prepare()
    await flow.open(0, 2)
    await expect(flow.open(1, 2)).rejects.toMatchObject({
      message: expect.stringMatching(/as a transaction pooler does: .* \(42P05\)$/) as string,
      next: expect.stringContaining('set the option pooler to transaction') as string,
    })
  })
})

describe.each(bothTargets)('on $name itself', ({ start, isSkipped }) => {
  test.skipIf(isSkipped).each(flows)('%s with %j', async (workload, options) => {
    const { url, schema } = await start()
    const flow = openFlow(driver, url, { schema, pooler: 'transaction', ...options }, { workload })
    await flow.prepare()
    const answers = await flow.sendAll(await flow.open(), 100)
    expect(answers.filter(({ ok }) => !ok)).toEqual([])
    for (const finding of await flow.audit()) expect(finding.violations).toBe(0)
  })
})
