import { createServer as createHttps } from 'node:https'
import { createServer as createTls } from 'node:tls'
import { certificateFile, pemOf } from '@cloudbench/fixtures/certificates'
import { expectVerification } from '@cloudbench/fixtures/drivers/tls'
import { refusalOf } from '@cloudbench/fixtures/refusal'
import { listening } from '@cloudbench/fixtures/tcp-server'
import { openFlow, type Flow } from '@cloudbench/testkit/flow'
import { ServerCredentials } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { clients } from '../../src/clients.ts'
import driver from '../../src/index.ts'
import { shopFile, shopServer, type ShopServer } from '../servers/grpc.ts'

const ca = pemOf('authority.pem')
const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: '${uuid}' } }

function tlsServer(wantsCertificate = false): Promise<ShopServer> {
  const pair = { cert_chain: Buffer.from(pemOf('server.pem')), private_key: Buffer.from(pemOf('server.key')) }
  return shopServer({ credentials: ServerCredentials.createSsl(Buffer.from(ca), [pair], wantsCertificate) })
}

describe.each(Object.keys(clients))('%s', (client) => {
  const shopFlow = (target: string, options: Readonly<Record<string, unknown>>): Flow =>
    openFlow(driver, target, { ...shop, client, ...options })

  expectVerification({
    flow: shopFlow,
    tlsServer,
    plainServer: shopServer,
    plainScheme: 'grpc',
    tlsScheme: 'grpcs',
    accepted: 1,
    success: 'OK',
  })

  test('a client certificate is sent to the server', async () => {
    const { target } = await tlsServer(true)
    const flow = shopFlow(target, {
      tls: { ca, cert: certificateFile('client.pem'), key: pemOf('client.key') },
    })
    expect((await flow.send(await flow.open())).name).toBe('OK')
    expect((await refusalOf(shopFlow(target, { tls: { ca } }).open())).code).toBe('CB_CONNECT')
  })

  test('with another authority, the certificate is still that of the host in the url', async () => {
    const hosts: string[] = []
    const pair = {
      cert_chain: Buffer.from(pemOf('server.pem')),
      private_key: Buffer.from(pemOf('server.key')),
    }
    const { target } = await shopServer({
      credentials: ServerCredentials.createSsl(Buffer.from(ca), [pair]),
      get(call, callback) {
        hosts.push(call.getHost())
        callback(null, call.request)
      },
    })
    const flow = shopFlow(target, { tls: { ca }, authority: 'orders.internal' })
    expect((await flow.send(await flow.open())).name).toBe('OK')
    expect(hosts).toEqual(['orders.internal'])
  })

  test.for([
    ['127.0.0.1', false],
    ['localhost', 'localhost'],
  ] as const)('a server on %s is asked for by name %s', async ([host, expected]) => {
    const names = new Set<unknown>()
    const server = createTls(
      { cert: pemOf('server.pem'), key: pemOf('server.key'), ALPNProtocols: ['h2'] },
      (socket) => {
        names.add((socket as { readonly servername?: unknown }).servername)
        socket.destroy()
      },
    )
    const { port } = await listening(server)
    await refusalOf(shopFlow(`grpcs://${host}:${port}`, { tls: { ca } }).open())
    expect([...names]).toEqual([expected])
  })

  test('a server that requires TLS is reported as such', async () => {
    const { target } = await tlsServer()
    const error = await refusalOf(shopFlow(target.replace('grpcs:', 'grpc:'), {}).open())
    expect(error.message).toContain('does not speak HTTP/2 in the clear')
    expect(error.next).toContain('grpcs://')
  })
})

describe('the JSON form', () => {
  const jsonFlow = (target: string, options: Readonly<Record<string, unknown>>): Flow =>
    openFlow(driver, target, { ...shop, ...options }, { workload: 'json' })

  async function front(ALPNProtocols?: string[]): Promise<string> {
    const server = createHttps(
      { cert: pemOf('server.pem'), key: pemOf('server.key'), ...(ALPNProtocols && { ALPNProtocols }) },
      (_request, response) => response.end('{}'),
    )
    const { port } = await listening(server)
    return `grpcs://localhost:${port}`
  }

  test('is verified the same way', async () => {
    const target = await front()
    const flow = jsonFlow(target, { tls: { ca } })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('OK')
    await expect(jsonFlow(target, {}).open()).rejects.toThrow('is not trusted')
  })

  test('HTTP/1.1 is spoken to a front that prefers HTTP/2', async () => {
    const target = await front(['h2', 'http/1.1'])
    const flow = jsonFlow(target, { tls: { ca } })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('OK')
  })
})
