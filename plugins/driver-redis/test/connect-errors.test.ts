import { certificateFile } from '@cloudbench/fixtures/certificates'
import { networkErrors, strangerErrors, targetErrors } from '@cloudbench/fixtures/drivers/connect-errors'
import { refusalsOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { lanes, realRedis, withoutRedis } from './servers/redis.ts'

describe.each(lanes)('client: %s', (lane) => {
  const refusal = refusalsOf(driver, { client: lane })

  networkErrors(refusal, 'redis', 'a Redis server')
  targetErrors(refusal, 'redis://host:port', ['http://a', 'redis://127.0.0.1/x', 'redis://127.0.0.1?x=1'])
  strangerErrors(refusal, 'redis', 'the Redis protocol', /CB_CONNECT: no connection to/)

  test.skipIf(withoutRedis)('a wrong password, and no password', async () => {
    const { url } = await realRedis({ password: 'right' })
    const wrong = await refusal(url.replace('//', '//:wr0ng@'))
    expect(wrong).toMatch(/rejected the credentials: WRONGPASS/)
    expect(wrong).not.toContain('wr0ng')
    expect(await refusal(url)).toMatch(/rejected the credentials: NOAUTH/)
    const right = openFlow(driver, url.replace('//', '//:right@'), { client: lane, preload: false })
    expect(await right.send(await right.open())).toMatchObject({ ok: true })
  })

  test.skipIf(withoutRedis)('a database that does not exist', async () => {
    const { url } = await realRedis()
    expect(await refusal(`${url}/99`)).toMatch(/has no database 99/)
  })

  test.skipIf(withoutRedis)('a TLS server whose certificate is not trusted', async () => {
    const { url } = await realRedis({ hasTls: true })
    expect(await refusal(url)).toMatch(/the certificate of localhost:\d+ is not trusted[^]*set tls\.ca/)
    const trusting = openFlow(driver, url, {
      client: lane,
      preload: false,
      tls: { ca: certificateFile('authority.pem') },
    })
    expect(await trusting.send(await trusting.open())).toMatchObject({ ok: true })
    const unverified = openFlow(driver, url, {
      client: lane,
      preload: false,
      tls: { rejectUnauthorized: false },
    })
    expect(await unverified.send(await unverified.open())).toMatchObject({ ok: true })
    expect(unverified.warnings).toEqual(['certificates are not verified (tls.rejectUnauthorized is false)'])
    expect(await refusal(url, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
    expect(
      await refusal(url, { tls: { ca: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' } }),
    ).toMatch(/tls\.ca, tls\.cert or tls\.key cannot be used/)
  })
})
