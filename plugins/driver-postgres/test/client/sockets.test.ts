import { countingProxy } from '@cloudbench/fixtures/counting-proxy'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { lanes } from '../fixtures/lanes.ts'
import { loopbackTarget } from '../servers/loopback.ts'
import { connected, realPostgres, withoutPostgres } from '../servers/postgres.ts'

describe('connections are those that the server has accepted', () => {
  test.each(lanes)('with sslmode=prefer, where the server has no TLS; client: %s', async (client) => {
    const proxy = await countingProxy('postgres', Number(new URL(await loopbackTarget()).port))
    const url = `postgres://127.0.0.1:${proxy.port}/d?sslmode=prefer`
    const { open, sockets } = openFlow(driver, url, { client, rows: 10, preload: false })
    for (const index of [0, 1, 2]) await open(index, 3)
    expect(sockets.opened).toBe(6)
    expect(proxy.accepted).toBe(6)
    await expect.poll(() => sockets.open, { timeout: 20_000 }).toBe(3)
  })

  describe.skipIf(withoutPostgres)('on a real PostgreSQL', () => {
    const modes = [
      ['allow', 'encrypted', 2],
      ['allow', 'postgres', 1],
      ['prefer', 'encrypted', 1],
      ['require', 'encrypted', 1],
    ] as const

    test.each(lanes.flatMap((client) => modes.map((mode) => [client, ...mode] as const)))(
      'client: %s, with sslmode=%s, for the role %s: %d',
      async (client, mode, role, expected) => {
        const { schema, sql, cluster } = await realPostgres()
        await sql(
          `DO $$ BEGIN CREATE ROLE encrypted SUPERUSER LOGIN; EXCEPTION WHEN duplicate_object THEN END $$`,
        )
        const proxy = await countingProxy('postgres', cluster.port)
        const url = `postgres://${role}@127.0.0.1:${proxy.port}/postgres?sslmode=${mode}`
        const tls = { rejectUnauthorized: false }
        const { prepare, open, send, sockets } = openFlow(driver, url, {
          client,
          schema,
          rows: 10,
          ...(mode === 'require' && { tls }),
        })
        await prepare()
        const before = proxy.accepted
        const connection = await open()
        expect(await send(connection)).toMatchObject({ name: 'row' })
        expect(proxy.accepted - before).toBe(expected)
        expect(sockets.opened).toBe(expected)
        await expect.poll(() => sockets.open, { timeout: 20_000 }).toBe(1)
        await connection.close()
        await expect.poll(() => sockets.open, { timeout: 20_000 }).toBe(0)
      },
    )

    test('with the connection that retries transactions', async () => {
      const { schema, sql, cluster } = await realPostgres()
      const proxy = await countingProxy('postgres', cluster.port)
      const flow = openFlow(
        driver,
        `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
        { schema, rows: 1, reads: 0, isolation: 'repeatable read', conflicts: 'retry' },
        { workload: 'mixed' },
      )
      await flow.prepare()
      const before = proxy.accepted
      const connection = await flow.open()
      const blocker = await connected(cluster.port)
      await blocker.query(`BEGIN; UPDATE ${schema}.items SET version = version`)
      const conflicting = flow.send(connection)
      await expect
        .poll(() => sql(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`), { timeout: 20_000 })
        .not.toEqual([])
      await blocker.query('COMMIT')
      expect(await conflicting).toMatchObject({ name: '40001 retried' })
      await blocker.end()
      await expect.poll(() => flow.sockets.opened, { timeout: 20_000 }).toBe(2)
      await flow
        .audit()
        .then((findings) => expect(findings.every(({ violations }) => violations === 0)).toBe(true))
      expect(flow.sockets.opened).toBe(2)
      expect(proxy.accepted - before).toBeGreaterThanOrEqual(2)
    })
  })
})
