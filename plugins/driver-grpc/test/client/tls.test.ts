import { openFlow } from '@cloudbench/testkit/flow'
import { readFileSync } from 'node:fs'
import { createServer as createHttps } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { CloudbenchError } from '@cloudbench/core'
import { ServerCredentials } from '@grpc/grpc-js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { shopFile, shopServer, tcpServer, type ShopServer } from '../servers/grpc.ts'
import driver from '../../src/index.ts'

const fileOf = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const pemOf = (name: string): string => readFileSync(fileOf(name), 'utf8')
const ca = pemOf('authority.pem')
const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: '${uuid}' } }

function tlsServer(wantsCertificate = false): Promise<ShopServer> {
  const pair = { cert_chain: Buffer.from(pemOf('server.pem')), private_key: Buffer.from(pemOf('server.key')) }
  return shopServer({ credentials: ServerCredentials.createSsl(Buffer.from(ca), [pair], wantsCertificate) })
}

async function refusal(target: string, options: Record<string, unknown>): Promise<CloudbenchError> {
  return openFlow(driver, target, { ...shop, ...options })
    .open()
    .then(
      () => {
        throw new Error('the connection was opened')
      },
      (error: CloudbenchError) => error,
    )
}

test('an untrusted certificate is refused when the connection opens', async () => {
  const { target, port } = await tlsServer()
  const error = await refusal(target, {})
  expect(error.code).toBe('CB_CONNECT')
  expect(error.message).toContain(`the certificate of localhost:${port} is not trusted`)
  expect(error.next).toContain('tls.ca')
})

test.for([
  ['PEM text', ca],
  ['a file', fileOf('authority.pem')],
])('it is accepted with its authority as %s', async ([, given]) => {
  const server = await tlsServer()
  const flow = openFlow(driver, server.target, { ...shop, tls: { ca: given } })
  const connection = await flow.open()
  for (let index = 0; index < 3; index++) expect((await flow.send(connection)).name).toBe('OK')
  expect(flow.warnings).toEqual([])
})

test('the certificate must be for the host or the servername', async () => {
  const { target } = await tlsServer()
  const asked = openFlow(driver, target, { ...shop, tls: { ca, servername: 'api.cloudbench.test' } })
  const askedConnection = await asked.open()
  expect((await asked.send(askedConnection)).name).toBe('OK')
  const error = await refusal(target, { tls: { ca, servername: 'other.test' } })
  expect(error.message).toContain('is for another name')
  expect(error.next).toContain('tls.servername')
})

test('an address is verified as an address', async () => {
  const { target } = await tlsServer()
  const flow = openFlow(driver, target.replace('localhost', '127.0.0.1'), { ...shop, tls: { ca } })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('OK')
})

test('verification can be turned off, with a warning', async () => {
  const { target } = await tlsServer()
  const flow = openFlow(driver, target, { ...shop, tls: { rejectUnauthorized: false } })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('OK')
  expect(flow.warnings).toEqual([expect.stringContaining('not verified')])
})

test('a client certificate is sent to the server', async () => {
  const { target } = await tlsServer(true)
  const tls = { ca, cert: fileOf('client.pem'), key: pemOf('client.key') }
  const flow = openFlow(driver, target, { ...shop, tls })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('OK')
  expect((await refusal(target, { tls: { ca } })).code).toBe('CB_CONNECT')
})

test('a server that does not speak TLS is reported as such', async () => {
  const { target } = await shopServer()
  const error = await refusal(target.replace('grpc:', 'grpcs:'), { tls: { ca } })
  expect(error.message).toContain('does not speak TLS')
  expect(error.next).toContain('grpc://')
})

test('a server that requires TLS is reported as such', async () => {
  const { target } = await tlsServer()
  const error = await refusal(target.replace('grpcs:', 'grpc:'), {})
  expect(error.message).toContain('does not speak HTTP/2 in the clear')
  expect(error.next).toContain('grpcs://')
})

test('a server that never finishes the handshake times out', async () => {
  const { port } = await tcpServer(() => {})
  const error = await refusal(`grpcs://127.0.0.1:${port}`, { connectTimeoutMs: '1s' })
  expect(error.code).toBe('CB_CONNECT')
  expect(error.next).toContain('connectTimeoutMs')
})

test('a missing key file is refused and not shown', async () => {
  const { target } = await tlsServer()
  const error = await refusal(target, { tls: { ca, cert: 'secret-cert', key: 'secret-key' } })
  expect(error.message).toMatch(/^tls\.(cert|key) cannot be read: ENOENT$/)
  expect(JSON.stringify([error.format(), error.cause])).not.toContain('secret')
})

describe('the JSON form', () => {
  async function front(ALPNProtocols?: string[]): Promise<string> {
    const server = createHttps(
      { cert: pemOf('server.pem'), key: pemOf('server.key'), ...(ALPNProtocols && { ALPNProtocols }) },
      (_request, response) => response.end('{}'),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.close()
      server.closeAllConnections()
    })
    return `grpcs://localhost:${(server.address() as AddressInfo).port}`
  }

  test('is verified the same way', async () => {
    const target = await front()
    const flow = openFlow(driver, target, { ...shop, tls: { ca } }, { workload: 'json' })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('OK')
    await expect(openFlow(driver, target, shop, { workload: 'json' }).open()).rejects.toThrow(
      'is not trusted',
    )
  })

  test('HTTP/1.1 is spoken to a front that prefers HTTP/2', async () => {
    const target = await front(['h2', 'http/1.1'])
    const flow = openFlow(driver, target, { ...shop, tls: { ca } }, { workload: 'json' })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('OK')
  })
})
