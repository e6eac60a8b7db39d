import type { CloudbenchError } from '@cloudbench/core'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { tcpServer } from './servers/tcp.ts'

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

const withPassword = (port: number): string => `kafka://bench:S3cret@127.0.0.1:${port}`

test('nothing listens', async () => {
  expect(await refusal('kafka://127.0.0.1:1')).toMatch(/CB_CONNECT: nothing listens on 127\.0\.0\.1:1\n/)
})

test('the name does not resolve', async () => {
  expect(await refusal('kafka://no-such-host.invalid')).toMatch(
    /the name no-such-host\.invalid does not resolve/,
  )
})

test('when the first broker of the url is down, the next one is used', async () => {
  const { target, close } = await driver.loopback!({})
  const { prepare, open } = openFlow(driver, target.replace('//', '//127.0.0.1:1,'))
  await prepare()
  expect((await open()).streams).toBe(1_000)
  await close()
})

test.each([
  'http://127.0.0.1',
  'kafka://',
  'kafka://host:0',
  'kafka://host:99999',
  'kafka://a:1,,b:2',
  'kafka://user@host',
  'kafka://u:%zz@host',
  'kafka://host/topic',
])('%s does not name a Kafka cluster', async (url) => {
  expect(await refusal(url)).toMatch(/CB_TARGET: .*expected: kafka:\/\/host:port/s)
})

test('connecting to a silent server times out, and the password is not shown', async () => {
  const port = await tcpServer(() => {})
  const text = await refusal(withPassword(port), { connectTimeoutMs: '200ms' })
  expect(text).toMatch(/does not answer[^]*connectTimeoutMs/)
  expect(text).not.toContain('S3cret')
})

test('a TLS handshake that never ends times out', async () => {
  const port = await tcpServer(() => {})
  expect(await refusal(`kafkas://127.0.0.1:${port}`, { connectTimeoutMs: '200ms' })).toMatch(
    /does not answer[^]*connectTimeoutMs/,
  )
})

test('a broker that falls silent after its versions times out', async () => {
  const { target, close } = await driver.loopback!({})
  const upstream = Number(target.split(':')[2])
  const { connect } = await import('node:net')
  const port = await tcpServer((socket) => {
    let answers = 0
    const broker = connect(upstream, '127.0.0.1')
    socket.pipe(broker)
    broker.on('data', (data) => {
      if (answers++ === 0) socket.write(data)
    })
    broker.on('error', () => {})
    socket.on('close', () => broker.destroy())
  })
  expect(await refusal(`kafka://127.0.0.1:${port}`, { connectTimeoutMs: '300ms' })).toMatch(/does not answer/)
  await close()
})

test('a server that speaks another protocol', async () => {
  const port = await tcpServer((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
  })
  expect(await refusal(`kafka://127.0.0.1:${port}`)).toMatch(/is not speaking the Kafka protocol/)
})

test('a server that closes at once', async () => {
  const port = await tcpServer((socket) => socket.destroy())
  expect(await refusal(`kafka://127.0.0.1:${port}`)).toMatch(
    /CB_CONNECT: 127\.0\.0\.1:\d+ closes the connection \((CONNECTION_CLOSED|ECONNRESET)\)[^]*if the listener wants TLS, use kafkas/,
  )
})

test('certificates that cannot be read or used', async () => {
  const url = 'kafkas://127.0.0.1:1'
  expect(await refusal(url, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
  const broken = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'
  expect(await refusal(url, { tls: { ca: broken } })).toMatch(/tls\.ca, tls\.cert or tls\.key cannot be used/)
})
