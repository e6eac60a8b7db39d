import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CloudbenchError } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { requestFlow } from '../fixtures/flow.ts'
import { httpServer, tcpServer, type TestServer } from '../servers/http.ts'

const fileOf = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const pemOf = (name: string): string => readFileSync(fileOf(name), 'utf8')
const ca = pemOf('authority.pem')

function tlsServer(
  extra: { readonly requestCert?: boolean; readonly ALPNProtocols?: string[] } = {},
): Promise<TestServer> {
  return httpServer(undefined, { cert: pemOf('server.pem'), key: pemOf('server.key'), ca, ...extra })
}

async function refusal(target: string, options: Record<string, unknown>): Promise<CloudbenchError> {
  return requestFlow(target, options)
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
  const flow = requestFlow(server.target, { tls: { ca: given } })
  const connection = await flow.open()
  for (let index = 0; index < 3; index++) expect((await flow.send(connection)).name).toBe('200')
  expect(server.accepted).toBe(1)
  expect(flow.warnings).toEqual([])
})

test('the certificate must be for the host or the servername', async () => {
  const { target } = await tlsServer()
  const asked = requestFlow(target, { tls: { ca, servername: 'api.cloudbench.test' } })
  const askedConnection = await asked.open()
  expect((await asked.send(askedConnection)).name).toBe('200')
  const error = await refusal(target, { tls: { ca, servername: 'other.test' } })
  expect(error.message).toContain('is for another name')
  expect(error.next).toContain('tls.servername')
})

test('an address is verified as an address', async () => {
  const { target } = await tlsServer()
  const flow = requestFlow(target.replace('localhost', '127.0.0.1'), { tls: { ca } })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('200')
})

test('verification can be turned off, with a warning', async () => {
  const { target } = await tlsServer()
  const flow = requestFlow(target, { tls: { rejectUnauthorized: false } })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('200')
  expect(flow.warnings).toEqual([expect.stringContaining('not verified')])
})

test('a client certificate is sent to the server', async () => {
  const { target } = await tlsServer({ requestCert: true })
  const tls = { ca, cert: fileOf('client.pem'), key: pemOf('client.key') }
  const flow = requestFlow(target, { tls })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('200')
  const without = requestFlow(target, { tls: { ca } })
  const withoutConnection = await without.open()
  await expect(without.send(withoutConnection)).rejects.toMatchObject({
    code: expect.stringMatching(/CERTIFICATE_REQUIRED|ECONNRESET|CONNECTION_CLOSED/) as string,
  })
})

test('a connection that the server closes is reopened with the same verification', async () => {
  const server = await httpServer((_request, response) => response.setHeader('connection', 'close').end(), {
    cert: pemOf('server.pem'),
    key: pemOf('server.key'),
  })
  const flow = requestFlow(server.target, { tls: { ca } })
  const connection = await flow.open()
  for (let index = 0; index < 3; index++) expect((await flow.send(connection)).name).toBe('200')
  expect(server.accepted).toBe(3)
})

test('HTTP/1.1 is spoken to a server that prefers HTTP/2', async () => {
  const server = await tlsServer({ ALPNProtocols: ['h2', 'http/1.1'] })
  const flow = requestFlow(server.target, { tls: { ca } })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('200')
})

test('pipelining works over TLS', async () => {
  const server = await tlsServer()
  const flow = requestFlow(server.target, { tls: { ca }, pipelining: 4 })
  const connection = await flow.open()
  await Promise.all(Array.from({ length: 12 }, () => flow.send(connection)))
  expect(server.seen).toHaveLength(12)
  expect(server.accepted).toBe(1)
})

test('a server that does not speak TLS is reported as such', async () => {
  const { target } = await httpServer()
  const error = await refusal(target.replace('http:', 'https:'), { tls: { ca } })
  expect(error.message).toContain('does not speak TLS')
  expect(error.next).toContain('http://')
})

test('a server that never finishes the handshake times out', async () => {
  const { port } = await tcpServer(() => {})
  const error = await refusal(`https://127.0.0.1:${port}`, { connectTimeoutMs: '1s' })
  expect(error.code).toBe('CB_CONNECT')
  expect(error.next).toContain('connectTimeoutMs')
})

test('a missing key file is refused and not shown', async () => {
  const { target } = await tlsServer()
  const error = await refusal(target, { tls: { ca, cert: 'secret-cert', key: 'secret-key' } })
  expect(error.message).toMatch(/^tls\.(cert|key) cannot be read: ENOENT$/)
  expect(JSON.stringify([error.format(), error.cause])).not.toContain('secret')
})

test('certificates that cannot be used are refused', async () => {
  const { target } = await tlsServer()
  const broken = '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n'
  const pair = { cert: pemOf('client.pem'), key: pemOf('server.key') }
  for (const tls of [{ ca: broken }, { ca, ...pair }])
    expect((await refusal(target, { tls })).message).toContain('cannot be used')
})
