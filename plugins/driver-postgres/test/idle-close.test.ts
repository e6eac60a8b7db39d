import { countingProxy } from '@cloudbench/fixtures/counting-proxy'
import { idleCloses } from '@cloudbench/fixtures/drivers/idle-closes'
import { expect, test } from 'vitest'
import { lanes } from './fixtures/lanes.ts'
import { realPostgres, withoutPostgres, type RealPostgres } from './servers/postgres.ts'

const ofLoad = `FROM pg_stat_activity WHERE application_name = 'cloudbench' AND query LIKE '%PREPARE%' OR query LIKE 'SELECT payload%'`

const endings: readonly (readonly [string, (server: RealPostgres) => Promise<unknown>])[] = [
  ['an operator terminates sessions', ({ sql }) => sql(`SELECT pg_terminate_backend(pid) ${ofLoad}`)],
  [
    'sessions may not be idle for long',
    async ({ sql }) => {
      const pids = async (): Promise<unknown> => await sql(`SELECT pid ${ofLoad}`)
      const before = await pids()
      const set = 'ALTER SYSTEM SET idle_session_timeout ='
      await sql(`${set} 50`)
      await sql('SELECT pg_reload_conf()')
      await expect.poll(pids, { timeout: 60_000 }).not.toEqual(before)
      await sql(`${set} 0`)
      await sql('SELECT pg_reload_conf()')
    },
  ],
  [
    'the server is started again',
    async ({ cluster }) => {
      await cluster.kill()
      await cluster.start()
    },
  ],
]

/** Every ending on the first lane, and one of them on the others. */
const endingsOfLanes = lanes.flatMap((client, at) =>
  (at === 0 ? endings : endings.slice(0, 1)).map(([name, end]) => [name, client, end] as const),
)

test.skipIf(withoutPostgres).each(endingsOfLanes)(
  'idle connections that the server closes cost no request, and are counted: %s; client: %s',
  { timeout: 180_000 },
  async (_, client, end) => {
    const server = await realPostgres()
    const { schema, cluster, sql } = server
    // idle_session_timeout, which ends every session, spares those of the test
    await sql(`ALTER ROLE postgres SET idle_session_timeout = 0; CREATE ROLE ${schema} SUPERUSER LOGIN`)
    const proxy = await countingProxy(
      'postgres',
      cluster.port,
      // a Sync ends what the load sends, and nothing else
      (said) => said.endsWith('S\0\0\0\u0004'),
    )
    const { sent, ok, inTheWay, opened, accepted } = await idleCloses({
      driver: new URL('fixtures/unobserved.driver.ts', import.meta.url),
      proxy,
      target: `postgres://${schema}@127.0.0.1:${proxy.port}/postgres`,
      scenario: { workload: 'read', connections: 2, options: { client, schema, rows: 10 } },
      end: () => end(server),
      // the other one prepares the target
      isOfLoad: (said) => !said.includes('SHOW server_version'),
    })
    expect(sent).toBeGreaterThan(2)
    expect(sent - ok).toBeLessThanOrEqual(inTheWay)
    expect(opened).toBe(accepted)
    expect(opened).toBeGreaterThan(2)
  },
)
