import { readFileSync } from 'node:fs'
import type { CloudbenchError } from '@cloudbench/core'
import { describe, expect, test } from 'vitest'
import { countOf, flow, send, sendAll } from '../context.ts'
import { fixture, loopbackTarget, realPostgres, rudeServer, withoutPostgres } from '../servers/servers.ts'

const ca = fixture('authority.pem')

async function refusal(url: string, options: Record<string, unknown> = {}): Promise<string> {
  return await flow('read', url, { rows: 10, ...options })
    .open()
    .then(
      () => {
        throw new Error('the connection was opened')
      },
      (error: CloudbenchError) => error.format(),
    )
}

describe.skipIf(withoutPostgres)('on a real PostgreSQL with TLS', () => {
  test('trusted by its authority, otherwise refused', async () => {
    const { url, schema, sql } = await realPostgres({ hasTls: true })
    expect(await refusal(url)).toMatch(/the certificate of localhost:\d+ is not trusted[^]*set tls\.ca/)
    for (const given of [ca, readFileSync(ca, 'utf8')]) {
      const { prepare, open, warnings } = flow('read', url, { schema, rows: 10, tls: { ca: given } })
      await prepare()
      expect(await send(await open())).toMatchObject({ ok: true })
      expect(warnings).toEqual([])
    }
    const [row] = await sql(
      `SELECT bool_and(ssl) AS ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'cloudbench'`,
    )
    expect(row).toEqual({ ssl: true })
  })

  test('the certificate must be for the host, or for the servername', async () => {
    const { url, schema } = await realPostgres({ hasTls: true })
    const tls = { ca }
    const { prepare, open } = flow('read', url, {
      schema,
      rows: 10,
      tls: { ...tls, servername: 'api.cloudbench.test' },
    })
    await prepare()
    expect(await send(await open())).toMatchObject({ ok: true })
    expect(await refusal(url, { tls: { ...tls, servername: 'other.test' } })).toMatch(
      /is for another name[^]*tls\.servername/,
    )
    // an address is verified as an address
    await flow('read', url.replace('localhost', '127.0.0.1'), { schema, rows: 10, tls }).open()
  })

  test('verification can be turned off, with a warning', async () => {
    const { url, schema } = await realPostgres({ hasTls: true })
    const { prepare, warnings } = flow('read', url, { schema, rows: 10, tls: { rejectUnauthorized: false } })
    await prepare()
    expect(warnings).toEqual(['certificates are not verified (tls.rejectUnauthorized is false)'])
  })

  test('the option tls is enough to speak it', async () => {
    const { url } = await realPostgres({ hasTls: true })
    expect(await refusal(url.replace('?sslmode=verify-full', ''), { tls: {} })).toMatch(/is not trusted/)
  })

  test('a client certificate is shown to the server', async () => {
    const rules = ['hostssl all all 127.0.0.1/32 trust clientcert=verify-ca']
    const { url } = await realPostgres({ hasTls: true, rules })
    const pair = { cert: fixture('client.pem'), key: readFileSync(fixture('client.key'), 'utf8') }
    await flow('read', url, { rows: 10, tls: { ca, ...pair } }).prepare()
    await expect(flow('read', url, { rows: 10, tls: { ca } }).prepare()).rejects.toMatchObject({
      message: expect.stringMatching(
        /refuses who we are: connection requires a valid client certificate \(28000\)/,
      ) as string,
    })
  })

  test('many in flight, and batches larger than a record', async () => {
    const { url, schema } = await realPostgres({ hasTls: true })
    const reads = flow('read', url, { schema, rows: 10, pipelining: 16, tls: { ca } })
    await reads.prepare()
    expect(countOf(await sendAll(await reads.open(), 500))).toEqual({ 'select row': 500 })
    const options = { schema, batchDelayMs: 1, pipelining: 2, documentSize: '4KB', tls: { ca } }
    const writes = flow('write-heavy', url, options)
    await writes.prepare()
    expect(countOf(await sendAll(await writes.open(), 500))).toEqual({ 'insert inserted': 500 })
  })

  test('authorities and keys that cannot be used are refused without being shown', async () => {
    const { url } = await realPostgres({ hasTls: true })
    expect(await refusal(url, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
    const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'
    expect(await refusal(url, { tls: { ca: pem } })).toMatch(/tls\.ca, tls\.cert or tls\.key cannot be used/)
  })
})

test('a server without TLS is told from one with', async () => {
  const text = await refusal(`${await loopbackTarget()}?sslmode=verify-full`)
  expect(text).toMatch(/does not offer TLS[^]*ssl = on/)
})

test('what a server says beside its consent to TLS is not believed', async () => {
  const url = await rudeServer((socket) => {
    socket.once('data', () => socket.write('SR\0\0\0\u0008\0\0\0\0', 'latin1'))
  })
  expect(await refusal(`${url}?sslmode=require`)).toMatch(/does not answer as PostgreSQL does/)
})

test('a server that agrees and does not speak it', async () => {
  const url = await rudeServer((socket) => {
    socket.once('data', () => {
      socket.write('S')
      socket.once('data', () => socket.write('no TLS at all, but more than a record has in its head'))
    })
  })
  expect(await refusal(`${url}?sslmode=require`)).toMatch(/does not speak TLS/)
})
