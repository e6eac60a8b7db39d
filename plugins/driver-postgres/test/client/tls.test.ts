import { certificateFile, pemOf } from '@cloudbench/fixtures/certificates'
import { refusalText } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { writeHeavyFlow } from '../fixtures/flows.ts'
import { lanes } from '../fixtures/lanes.ts'
import { loopbackTarget } from '../servers/loopback.ts'
import { realPostgres, withoutPostgres } from '../servers/postgres.ts'
import { scriptedServer } from '../servers/scripted.ts'

const ca = certificateFile('authority.pem')

describe.each(lanes)('client: %s', (client) => {
  const refusal = (url: string, options: Record<string, unknown> = {}): Promise<string> =>
    refusalText(openFlow(driver, url, { client, rows: 10, ...options }).open())

  describe.skipIf(withoutPostgres)('on a real PostgreSQL with TLS', () => {
    test('a certificate is trusted by its authority, otherwise refused', async () => {
      const { tlsUrl: url, schema, sql } = await realPostgres()
      expect(await refusal(url)).toMatch(/the certificate of localhost:\d+ is not trusted[^]*set tls\.ca/)
      for (const given of [ca, pemOf('authority.pem')]) {
        const { prepare, open, warnings, send } = openFlow(driver, url, {
          client,
          schema,
          rows: 10,
          tls: { ca: given },
        })
        await prepare()
        expect(await send(await open())).toMatchObject({ ok: true })
        expect(warnings).toEqual([])
      }
      const [row] = await sql(
        `SELECT bool_and(ssl) AS ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'cloudbench'`,
      )
      expect(row).toEqual({ ssl: true })
    })

    test('the certificate must match the host, or the servername', async () => {
      const { tlsUrl: url, schema } = await realPostgres()
      const tls = { ca }
      const given = { client, schema, rows: 10, tls: { ...tls, servername: 'api.cloudbench.test' } }
      const { prepare, open, send } = openFlow(driver, url, given)
      await prepare()
      // pg asks for the host of the url, unless that is an address
      const address = url.replace('localhost', '127.0.0.1')
      if (client === 'pg') {
        expect(await refusal(url, given)).toMatch(/tls\.servername is another[^]*client to wire/)
        expect(await refusal(address, { tls: { ...tls, servername: 'other.test' } })).toMatch(
          /is for another name/,
        )
        await openFlow(driver, address, given).open()
        return
      }
      expect(await send(await open())).toMatchObject({ ok: true })
      expect(await refusal(url, { tls: { ...tls, servername: 'other.test' } })).toMatch(
        /is for another name[^]*tls\.servername/,
      )
      // an address is verified as an address
      await openFlow(driver, address, { client, schema, rows: 10, tls }).open()
    })

    test('verification can be turned off, with a warning', async () => {
      const { tlsUrl: url, schema } = await realPostgres()
      const { prepare, warnings } = openFlow(driver, url, {
        client,
        schema,
        rows: 10,
        tls: { rejectUnauthorized: false },
      })
      await prepare()
      expect(warnings).toEqual(['certificates are not verified (tls.rejectUnauthorized is false)'])
    })

    test('the option tls alone turns TLS on', async () => {
      const { tlsUrl: url } = await realPostgres()
      expect(await refusal(url.replace('?sslmode=verify-full', ''), { tls: {} })).toMatch(/is not trusted/)
    })

    test('a client certificate is presented to the server', async () => {
      const { tlsUrl, schema } = await realPostgres()
      const url = tlsUrl.replace('postgres@', 'certified@')
      const pair = { cert: certificateFile('client.pem'), key: pemOf('client.key') }
      await openFlow(driver, url, { client, schema, rows: 10, tls: { ca, ...pair } }).prepare()
      await expect(
        openFlow(driver, url, { client, schema, rows: 10, tls: { ca } }).prepare(),
      ).rejects.toMatchObject({
        message: expect.stringMatching(
          /rejected the credentials: connection requires a valid client certificate \(28000\)/,
        ) as string,
      })
    })

    test('many requests in flight, and batches larger than a TLS record', async () => {
      const { tlsUrl: url, schema } = await realPostgres()
      const reads = openFlow(driver, url, { client, schema, rows: 10, pipelining: 16, tls: { ca } })
      await reads.prepare()
      expect(reads.countOf(await reads.sendAll(await reads.open(), 500))).toEqual({ 'select row': 500 })
      const options = { schema, batchDelayMs: '1ms', pipelining: 2, documentSize: '4KB', tls: { ca } }
      const writes = writeHeavyFlow(url, options)
      await writes.prepare()
      expect(writes.countOf(await writes.sendAll(await writes.open(), 500))).toEqual({
        'insert inserted': 500,
      })
    })

    test('authorities and keys that cannot be used are refused without being shown', async () => {
      const { tlsUrl: url } = await realPostgres()
      expect(await refusal(url, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
      const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'
      expect(await refusal(url, { tls: { ca: pem } })).toMatch(
        /tls\.ca, tls\.cert or tls\.key cannot be used/,
      )
    })
  })

  test('a server without TLS is recognised', async () => {
    const text = await refusal(`${await loopbackTarget()}?sslmode=verify-full`)
    expect(text).toMatch(/does not offer TLS[^]*ssl = on/)
  })

  test('bytes sent in the clear along with the consent to TLS are not trusted', async () => {
    const url = await scriptedServer((socket) => {
      socket.once('data', () => socket.write('SR\0\0\0\u0008\0\0\0\0', 'latin1'))
    })
    expect(await refusal(`${url}?sslmode=require`)).toMatch(/is not speaking the PostgreSQL protocol/)
  })

  test('a server that agrees to TLS and does not speak it', async () => {
    const url = await scriptedServer((socket) => {
      socket.once('data', () => {
        socket.write('S')
        socket.once('data', () => socket.write('no TLS at all, but more than a record has in its head'))
      })
    })
    expect(await refusal(`${url}?sslmode=require`)).toMatch(/does not speak TLS/)
  })
})
