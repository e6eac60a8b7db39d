import { connect } from 'node:net'
import { networkErrors, strangerErrors, targetErrors } from '@cloudbench/fixtures/drivers/connect-errors'
import { refusalsOf } from '@cloudbench/fixtures/refusal'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

const refusal = refusalsOf(driver)

networkErrors(refusal, 'kafka', 'a Kafka broker')
targetErrors(refusal, 'kafka://host:port', [
  'http://127.0.0.1',
  'kafka://',
  'kafka://host:0',
  'kafka://host:99999',
  'kafka://a:1,,b:2',
  'kafka://user@host',
  'kafka://u:%zz@host',
  'kafka://host/topic',
])
strangerErrors(
  refusal,
  'kafka',
  'the Kafka protocol',
  /CB_CONNECT: 127\.0\.0\.1:\d+ closes the connection \((CONNECTION_CLOSED|ECONNRESET)\)/,
)

test('when the first broker of the url is down, the next one is used', async () => {
  const { target, close } = await driver.loopback!({})
  const { prepare, open } = openFlow(driver, target.replace('//', '//127.0.0.1:1,'))
  await prepare()
  expect((await open()).streams).toBe(1_000)
  await close()
})

test('a TLS handshake that never ends times out', async () => {
  const { target } = await tcpServer('kafkas')
  expect(await refusal(target, { connectTimeoutMs: '200ms' })).toMatch(/does not answer[^]*connectTimeoutMs/)
})

test('a broker that falls silent after its versions times out', async () => {
  const { target, close } = await driver.loopback!({})
  const upstream = Number(target.split(':')[2])
  const silent = await tcpServer('kafka', (socket) => {
    let answers = 0
    const broker = connect(upstream, '127.0.0.1')
    socket.pipe(broker)
    broker.on('data', (data) => {
      if (answers++ === 0) socket.write(data)
    })
    broker.on('error', () => {})
    socket.on('close', () => broker.destroy())
  })
  expect(await refusal(silent.target, { connectTimeoutMs: '300ms' })).toMatch(/does not answer/)
  await close()
})

test('a listener that wants TLS may close at once, and the error says so', async () => {
  const { target } = await tcpServer('kafka', (socket) => socket.destroy())
  expect(await refusal(target)).toMatch(/closes the connection [^]*if the listener wants TLS, use kafkas/)
})

test('certificates that cannot be read or used', async () => {
  const url = 'kafkas://127.0.0.1:1'
  expect(await refusal(url, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
  const broken = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'
  expect(await refusal(url, { tls: { ca: broken } })).toMatch(/tls\.ca, tls\.cert or tls\.key cannot be used/)
})
