import { certificateFile, pemOf } from '@cloudbench/fixtures/certificates'
import { expectVerification } from '@cloudbench/fixtures/drivers/tls'
import { refusalOf } from '@cloudbench/fixtures/refusal'
import { expect, test } from 'vitest'
import { onClients } from '../fixtures/flow.ts'
import { httpServer, type HttpServer } from '../servers/http.ts'

const ca = pemOf('authority.pem')

function tlsServer(
  extra: { readonly requestCert?: boolean; readonly ALPNProtocols?: string[] } = {},
): Promise<HttpServer> {
  return httpServer(undefined, { cert: pemOf('server.pem'), key: pemOf('server.key'), ca, ...extra })
}

onClients((requestFlow) => {
  expectVerification({
    flow: requestFlow,
    tlsServer,
    plainServer: httpServer,
    plainScheme: 'http',
    tlsScheme: 'https',
    accepted: 1,
    success: '200',
  })

  test('a client certificate is sent to the server', async () => {
    const { target } = await tlsServer({ requestCert: true })
    const tls = { ca, cert: certificateFile('client.pem'), key: pemOf('client.key') }
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

  test('certificates that cannot be used are refused', async () => {
    const { target } = await tlsServer()
    const broken = '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n'
    const pair = { cert: pemOf('client.pem'), key: pemOf('server.key') }
    for (const tls of [{ ca: broken }, { ca, ...pair }])
      expect((await refusalOf(requestFlow(target, { tls }).open())).message).toContain('cannot be used')
  })

  test('a connection whose handshake fails was accepted by the server, and counts', async () => {
    const server = await tlsServer()
    const flow = requestFlow(server.target)
    await expect(flow.open()).rejects.toMatchObject({ code: 'CB_CONNECT' })
    await expect.poll(() => flow.sockets).toEqual({ opened: 1, open: 0 })
    expect(server.accepted).toBe(1)
  })
})
