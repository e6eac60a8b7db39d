import { networkErrors, strangerErrors, targetErrors } from '@cloudbench/fixtures/drivers/connect-errors'
import { refusalsOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test, vi } from 'vitest'
import driver from '../src/index.ts'
import { lanes } from './fixtures/lanes.ts'
import { loopbackTarget } from './servers/loopback.ts'
import { connected, realPostgres, withoutPostgres } from './servers/postgres.ts'
import { scriptedServer } from './servers/scripted.ts'

const refusalOfUrl = refusalsOf(driver, { rows: 10 })

targetErrors(refusalOfUrl, 'postgres://user', ['http://a', 'postgres:///x', 'postgres://127.0.0.1/a/b'])

test('a url with unknown settings is refused without being shown', async () => {
  for (const [url, message] of [
    [
      'postgres://u:S3cret@127.0.0.1/d?sslmode=full',
      /has sslmode=full\n.*disable, allow, prefer, require, verify-ca, verify-full/,
    ],
    ['postgres://u:S3cret@127.0.0.1/d?fallback=x', /has the parameter "fallback", which/],
    ['postgres://u:S3cret@127.0.0.1/d?connect_timeout=2s', /connect_timeout that is not a whole number/],
    ['postgres://u:S3cret@127.0.0.1/d?port=x', /a port that is not a number/],
    ['postgres://u:S3cret@127.0.0.1/d?host=a&host=b', /"host" twice/],
    ['postgres://u:S3cret%zz@127.0.0.1/d', /has a % that is not followed by two hexadecimal digits/],
  ] as const) {
    const text = await refusalOfUrl(url)
    expect(text).toMatch(message)
    expect(text).not.toContain('S3cret')
  }
})

describe.each(lanes)('client: %s', (client) => {
  const refusal = refusalsOf(driver, { client, rows: 10 })

  networkErrors(refusal, 'postgres', 'a PostgreSQL server')
  strangerErrors(refusal, 'postgres', 'the PostgreSQL protocol', /CB_CONNECT: no connection to/)

  test('a server that never answers a request for TLS is given up', async () => {
    const url = await scriptedServer(() => {})
    expect(await refusal(`${url}?sslmode=verify-full`, { connectTimeoutMs: '200ms' })).toMatch(
      /does not answer/,
    )
  })

  test.each([
    ['SSH', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['Redis', '-ERR unknown command\r\n'],
    ['a broken PostgreSQL', 'R\0\0\0\u0008\0\0\0cS\0\0\0\u0004'],
  ])('a server of another protocol: %s', async (_, answer) => {
    const url = await scriptedServer((socket) => {
      socket.on('data', () => socket.write(answer, 'latin1'))
    })
    expect(await refusal(url)).toMatch(/CB_CONNECT: 127\.0\.0\.1:\d+ is not speaking the PostgreSQL protocol/)
  })

  test('a server that closes when it is spoken to', async () => {
    const closing = await scriptedServer((socket) => socket.on('data', () => socket.destroy()))
    expect(await refusal(closing)).toMatch(/CB_CONNECT: no connection to/)
  })

  test.skipIf(withoutPostgres)('a wrong password, and a missing one', async () => {
    const { url, schema } = await realPostgres()
    const wrong = await refusal(url.replace('postgres@', 'guarded:wr0ng@'))
    expect(wrong).toMatch(
      /rejected the credentials: password authentication failed for user "guarded" \(28P01\)/,
    )
    expect(wrong).not.toContain('wr0ng')
    expect(await refusal(url.replace('postgres@', 'guarded@'))).toMatch(
      /requires a password, and the target's url has none/,
    )
    const right = url.replace('postgres@', 'guarded:right@')
    const { prepare, open, send } = openFlow(driver, right, { client, schema, rows: 10 })
    await prepare()
    expect(await send(await open())).toMatchObject({ ok: true })
  })

  test.skipIf(withoutPostgres)('nothing in the environment changes what is loaded, or how', async () => {
    const { url, schema, sql } = await realPostgres()
    const variables = {
      PGPASSWORD: 'right',
      PGOPTIONS: '-c default_transaction_read_only=on -c statement_timeout=1',
      PGAPPNAME: 'other',
      PGSSLMODE: 'require',
      PGSSLNEGOTIATION: 'direct',
      PGUSER: 'nobody',
      PGDATABASE: 'nothing',
      PGHOST: 'no-such-host.invalid',
      PGPORT: '1',
      PGREPLICATION: 'database',
      PGCLIENT_ENCODING: 'LATIN1',
      PGBINARY: '1',
      PGTARGETSESSIONATTRS: 'standby',
      PGCONNECT_TIMEOUT: '1',
      PGDATESTYLE: 'German',
      PGTZ: 'Asia/Tokyo',
      PGUSERNAME: 'nobody',
      PGMAX: '3',
      PGSSL: 'require',
      PGMAX_PIPELINE: '1',
      PGIDLE_TIMEOUT: '1',
    }
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    try {
      expect(await refusal(url.replace('postgres@', 'guarded@'))).toMatch(/requires a password/)
      const flow = openFlow(driver, url, { client, schema, rows: 10 }, { workload: 'mixed' })
      await flow.prepare()
      const connection = await flow.open()
      expect((await flow.sendAll(connection, 20)).filter(({ ok }) => !ok)).toEqual([])
      // nor is it changed
      expect(process.env).toMatchObject(variables)
    } finally {
      vi.unstubAllEnvs()
    }
    expect(
      await sql(`SELECT DISTINCT application_name AS name, usename AS user, backend_type AS type
      FROM pg_stat_activity WHERE backend_type IN ('client backend', 'walsender') AND pid <> pg_backend_pid()`),
    ).toEqual([{ name: 'cloudbench', user: 'postgres', type: 'client backend' }])
  })

  test.skipIf(withoutPostgres)('a database and a role that do not exist', async () => {
    const { url } = await realPostgres()
    expect(await refusal(url.replace('/postgres', '/nothing'))).not.toMatch(/no database/)
    expect(await refusal(url.replace(/\/postgres$/, '/nothing'))).toMatch(
      /has no database "nothing" \(3D000\)\n.*\n.*createdb nothing/,
    )
    expect(await refusal(url.replace('postgres@', 'nobody@'))).toMatch(
      /rejected the credentials: role "nobody" does not exist \(28000\)/,
    )
  })

  test.skipIf(withoutPostgres)('tables that were not prepared', async () => {
    const { url, schema } = await realPostgres()
    for (const name of ['read', 'mixed', 'write-heavy'] as const)
      await expect(
        openFlow(driver, url, { client, schema }, { workload: name }).open(),
      ).rejects.toMatchObject({
        message: expect.stringMatching(/lacks what the load needs: .* \(42P01\)$/) as string,
        next: expect.stringContaining('preload') as string,
      })
  })

  test.skipIf(withoutPostgres)('no room for another connection', async () => {
    const { url, schema, cluster, sql } = await realPostgres()
    await sql(`CREATE ROLE ${schema} LOGIN CONNECTION LIMIT 1`)
    const other = await connected(cluster.port, schema)
    expect(await refusal(url.replace('postgres@', `${schema}@`), { schema })).toMatch(
      /takes no more connections: .*\(53300\)[^]*max_connections/,
    )
    await other.end()
  })
})

test('the loopback server accepts connections', async () => {
  expect((await openFlow(driver, await loopbackTarget()).open()).streams).toBe(1)
})
