import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ScenarioResult } from '@cloudbench/core'
import { runIn, runScenario, temporaryFolder, type Scenario } from '@cloudbench/fixtures/run-scenario'
import { expect, test, vi } from 'vitest'
import { writeHeavyFlow } from '../fixtures/flows.ts'
import { loopbackTarget } from '../servers/loopback.ts'
import { realPostgres, withoutPostgres, type RealPostgres } from '../servers/postgres.ts'

const driverUrl = new URL('../../src/index.ts', import.meta.url)

const run = (url: string, scenario: Scenario): Promise<ScenarioResult> =>
  runScenario(driverUrl, url, scenario)

/** Kills the server once 100 rows are stored, and starts it again. */
async function outage({ sql, cluster }: RealPostgres, table: string): Promise<void> {
  const stored = (): Promise<boolean> =>
    sql(`SELECT 1 FROM ${table} OFFSET 100 LIMIT 1`).then(
      (rows) => rows.length > 0,
      () => false,
    )
  await vi.waitUntil(stored, 20_000)
  await cluster.kill()
  await cluster.start()
}

test.skipIf(withoutPostgres).each([
  ['write-heavy', { batchRows: 20 }, 'documents', { workers: 1 }],
  [
    'mixed',
    { rows: 100, reads: '20%', isolation: 'serializable', conflicts: 'retry' },
    'history',
    { workers: 2 },
  ],
  ['mixed', { client: 'pg', rows: 100, reads: '20%' }, 'history', { workers: 2 }],
] as const)(
  'everything acknowledged survives when the server is killed during the load and comes back: %s',
  { timeout: 120_000 },
  async (workload, options, table, { workers }) => {
    const server = await realPostgres()
    const { schema } = server
    const scenario = {
      workload,
      workers,
      connections: 4,
      rate: '300/s',
      duration: '4s',
      options: { schema, ...options },
    }
    const [result] = await Promise.all([
      run(server.url, scenario as Scenario),
      outage(server, `${schema}.${table}`),
    ])
    expect(result.errors).toEqual([])
    const [{ total, operations, connections }] = result.phases[0]!.flows as unknown as [
      ScenarioResult['phases'][number]['flows'][number],
    ]
    // connections died and were replaced
    expect(connections.opened).toBeGreaterThan(4)
    expect(total.ok).toBeGreaterThan(0)
    const written = operations[workload === 'mixed' ? 'transaction' : 'insert']!.ok
    const audits = Object.fromEntries(
      result.audits.map(({ name, ...finding }) => [name.replace(/ (documents|transactions)/, ''), finding]),
    )
    // retries are acknowledged in addition to requests
    expect(audits['acknowledged are stored']!.examined).toBeGreaterThanOrEqual(written)
    for (const { status, violations } of result.audits)
      expect([status, violations]).toEqual([expect.stringMatching(/passed|skipped/), 0])
  },
)

test.skipIf(withoutPostgres)('a planted loss fails the run', { timeout: 60_000 }, async () => {
  const { url, schema, sql } = await realPostgres()
  const options = { schema, batchRows: 5, batchDelayMs: '1ms' }
  await writeHeavyFlow(url, options).prepare()
  // the server acknowledges the row, and does not keep it
  await sql(`CREATE FUNCTION ${schema}.lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      DELETE FROM ${schema}.documents WHERE id = NEW.id; RETURN NULL; END $$;
    CREATE TRIGGER lose AFTER INSERT ON ${schema}.documents FOR EACH ROW WHEN (NEW.sequence = 3)
      EXECUTE FUNCTION ${schema}.lose()`)
  const scenario = { workload: 'write-heavy', connections: 2, rate: '200/s', duration: '1s', options }
  const result = await run(url, scenario)
  expect(result).toMatchObject({ reason: 'failed', exitCode: 1 })
  expect(result.audits[0]).toMatchObject({ status: 'failed', violations: 1 })
})

test.skipIf(withoutPostgres)('reuse and residency can be checked', { timeout: 60_000 }, async () => {
  const { url, schema } = await realPostgres()
  const result = await run(url, {
    workload: 'read',
    connections: 4,
    rate: '500/s',
    duration: '2s',
    options: { schema, rows: 1_000 },
    checks: { residency: '>= 50%', reuse: '>= 42', 'connections.opened': '== 4' },
  })
  expect(result.checks.map(({ name, status, actual }) => [name, status, actual])).toEqual([
    ['errors.rate', 'passed', '0 %'],
    ['residency', 'passed', expect.stringContaining('%')],
    ['reuse', 'passed', expect.any(String)],
    ['connections.opened', 'passed', '4'],
  ])
})

test('the example in the README runs', { timeout: 60_000 }, async () => {
  const cwd = await temporaryFolder()
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const files = [...readme.matchAll(/^```yaml\n# (config\/\S+)\n(.*?)^```$/gms)]
  expect(files.map(([, path]) => path)).toEqual(['config/targets/shop.yaml', 'config/scenarios/events.yaml'])
  for (const [, path, text] of files) {
    await mkdir(join(cwd, dirname(path!)), { recursive: true })
    await writeFile(join(cwd, path!), text!)
  }
  const result = await runIn(cwd, {
    env: { SHOP_PASSWORD: 'secret' },
    set: [
      `targets.shop.url=${await loopbackTarget()}`,
      `targets.shop.driver=${driverUrl.href}`,
      'scenarios.events.warmup=0s',
      'scenarios.events.duration=1s',
    ],
  })
  expect(result.errors).toEqual([])
  expect(result.checks.map(({ name }) => name)).toEqual([
    'events/response.p99',
    'orders/errors.rate',
    'residency',
  ])
  for (const { total } of result.phases[0]!.flows) expect(total.ok).toBeGreaterThan(0)
  for (const { status, violations } of result.audits)
    expect([status, violations]).toEqual([expect.stringMatching(/passed|skipped/), 0])
})
