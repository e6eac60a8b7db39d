import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { CloudbenchError } from '@cloudbench/core'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { fixture, realRedis, withoutRedis } from './server.ts'

async function refusal(url: string, options: Record<string, unknown> = {}): Promise<string> {
  return await openFlow(driver, url, options)
    .open()
    .then(
      () => {
        throw new Error('the connection was opened')
      },
      (error: CloudbenchError) => error.format(),
    )
}

async function server(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const listening = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    listening.close()
  })
  return `redis://:S3cret@127.0.0.1:${(listening.address() as AddressInfo).port}`
}

test('nothing listens', async () => {
  expect(await refusal('redis://127.0.0.1:1')).toMatch(/CB_CONNECT: nothing listens on 127\.0\.0\.1:1\n/)
})

test('the name does not resolve', async () => {
  expect(await refusal('redis://no-such-host.invalid')).toMatch(/name no-such-host\.invalid does not resolve/)
})

test.each(['http://127.0.0.1', 'redis://127.0.0.1/x', 'nonsense', 'redis://127.0.0.1?x=1'])(
  '%s is not a url of a Redis server',
  async (url) => {
    expect(await refusal(url)).toMatch(/CB_TARGET: .*expected: redis:\/\/host:port/s)
  },
)

test('a server that takes connections and says nothing is given up, and its password is not shown', async () => {
  const url = await server(() => {})
  const text = await refusal(url, { connectTimeoutMs: '200ms' })
  expect(text).toMatch(/does not answer[^]*connectTimeoutMs/)
  expect(text).not.toContain('S3cret')
})

test('a server that speaks something else', async () => {
  const url = await server((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
  })
  expect(await refusal(url)).toMatch(/does not answer as Redis does/)
})

test('a server that closes at once', async () => {
  expect(await refusal(await server((socket) => socket.destroy()))).toMatch(/CB_CONNECT: no connection to/)
})

test.skipIf(withoutRedis)('a wrong password, and none', async () => {
  const { url } = await realRedis({ password: 'right' })
  const wrong = await refusal(url.replace('//', '//:wr0ng@'))
  expect(wrong).toMatch(/refuses who we are: WRONGPASS/)
  expect(wrong).not.toContain('wr0ng')
  expect(await refusal(url)).toMatch(/refuses who we are: NOAUTH/)
  const right = openFlow(driver, url.replace('//', '//:right@'), { preload: false })
  expect(await right.send(await right.open())).toMatchObject({ ok: true })
})

test.skipIf(withoutRedis)('a database that there is not', async () => {
  const { url } = await realRedis()
  expect(await refusal(`${url}/99`)).toMatch(/has no database 99/)
})

test.skipIf(withoutRedis)('TLS: trusted by its authority, otherwise refused', async () => {
  const { url } = await realRedis({ hasTls: true })
  expect(await refusal(url)).toMatch(/the certificate of localhost:\d+ is not trusted[^]*set tls\.ca/)
  const trusting = openFlow(driver, url, { preload: false, tls: { ca: fixture('authority.pem') } })
  expect(await trusting.send(await trusting.open())).toMatchObject({ ok: true })
  const careless = openFlow(driver, url, { preload: false, tls: { rejectUnauthorized: false } })
  expect(await careless.send(await careless.open())).toMatchObject({ ok: true })
  expect(careless.warnings).toEqual(['certificates are not verified (tls.rejectUnauthorized is false)'])
  expect(await refusal(url, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
  expect(
    await refusal(url, { tls: { ca: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' } }),
  ).toMatch(/tls\.ca, tls\.cert or tls\.key cannot be used/)
})
