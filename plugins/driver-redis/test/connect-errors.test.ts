import type { CloudbenchError } from '@cloudbench/core'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { fixture, realRedis, withoutRedis } from './servers/redis.ts'
import { scriptedServer } from './servers/scripted.ts'

/** What the user reads when no connection opens. */
const refusal = (url: string, options: Record<string, unknown> = {}): Promise<string> =>
  openFlow(driver, url, options)
    .open()
    .then(String, (error: CloudbenchError) => error.format())

test('nothing listens', async () => {
  expect(await refusal('redis://127.0.0.1:1')).toMatch(/CB_CONNECT: nothing listens on 127\.0\.0\.1:1\n/)
})

test('the name does not resolve', async () => {
  expect(await refusal('redis://no-such-host.invalid')).toMatch(/name no-such-host\.invalid does not resolve/)
})

test.each(['http://127.0.0.1', 'redis://127.0.0.1/x', 'nonsense', 'redis://127.0.0.1?x=1'])(
  '%s is not the URL of a Redis server',
  async (url) => {
    expect(await refusal(url)).toMatch(/CB_TARGET: .*expected: redis:\/\/host:port/s)
  },
)

test('a server that accepts connections and never answers; its password is not shown', async () => {
  const url = await scriptedServer(() => {})
  const text = await refusal(url.replace('//', '//:S3cret@'), { connectTimeoutMs: '200ms' })
  expect(text).toMatch(/does not answer[^]*connectTimeoutMs/)
  expect(text).not.toContain('S3cret')
})

test('a server that speaks another protocol', async () => {
  const url = await scriptedServer((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
  })
  expect(await refusal(url)).toMatch(/is not speaking the Redis protocol/)
})

test('a server that closes at once', async () => {
  expect(await refusal(await scriptedServer((socket) => socket.destroy()))).toMatch(
    /CB_CONNECT: no connection to/,
  )
})

test.skipIf(withoutRedis)('a wrong password, and no password', async () => {
  const { url } = await realRedis({ password: 'right' })
  const wrong = await refusal(url.replace('//', '//:wr0ng@'))
  expect(wrong).toMatch(/rejected the credentials: WRONGPASS/)
  expect(wrong).not.toContain('wr0ng')
  expect(await refusal(url)).toMatch(/rejected the credentials: NOAUTH/)
  const right = openFlow(driver, url.replace('//', '//:right@'), { preload: false })
  expect(await right.send(await right.open())).toMatchObject({ ok: true })
})

test.skipIf(withoutRedis)('a database that does not exist', async () => {
  const { url } = await realRedis()
  expect(await refusal(`${url}/99`)).toMatch(/has no database 99/)
})

test.skipIf(withoutRedis)('a TLS server whose certificate is not trusted', async () => {
  const { url } = await realRedis({ hasTls: true })
  expect(await refusal(url)).toMatch(/the certificate of localhost:\d+ is not trusted[^]*set tls\.ca/)
  const trusting = openFlow(driver, url, { preload: false, tls: { ca: fixture('authority.pem') } })
  expect(await trusting.send(await trusting.open())).toMatchObject({ ok: true })
  const unverified = openFlow(driver, url, { preload: false, tls: { rejectUnauthorized: false } })
  expect(await unverified.send(await unverified.open())).toMatchObject({ ok: true })
  expect(unverified.warnings).toEqual(['certificates are not verified (tls.rejectUnauthorized is false)'])
  expect(await refusal(url, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
  expect(
    await refusal(url, { tls: { ca: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' } }),
  ).toMatch(/tls\.ca, tls\.cert or tls\.key cannot be used/)
})
