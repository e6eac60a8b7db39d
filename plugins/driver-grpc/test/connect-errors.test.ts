import { createServer as createHttp1 } from 'node:http'
import { createServer as createHttp2 } from 'node:http2'
import type { CloudbenchError } from '@cloudbench/core'
import { networkErrors, targetErrors } from '@cloudbench/fixtures/drivers/connect-errors'
import { refusalOf, refusalsOf } from '@cloudbench/fixtures/refusal'
import { listening, tcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { status, type sendUnaryData } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { clients } from '../src/clients.ts'
import driver from '../src/index.ts'
import { shopFile, shopServer, unaryOfBytes } from './servers/grpc.ts'

describe.each(Object.keys(clients))('%s', (client) => {
  const refusal = (target: string, options: Record<string, unknown> = {}): Promise<CloudbenchError> =>
    refusalOf(openFlow(driver, target, { client, ...options }).open())

  const anyRefusal = refusalsOf(driver, { client })
  networkErrors(anyRefusal, 'grpc', 'a gRPC server')
  targetErrors(anyRefusal, 'grpc://', ['redis://127.0.0.1:6379', 'grpc://', 'grpc://host:1?x=1'])

  test('a server that speaks HTTP/1.1', async () => {
    const { port } = await listening(createHttp1((_request, response) => response.end('hello')))
    const error = await refusal(`grpc://127.0.0.1:${port}`)
    expect(error.message).toBe(`127.0.0.1:${port} accepts connections but does not speak HTTP/2 in the clear`)
    expect(error.next).toContain('grpcs://')
  })

  test('a server that speaks something else first', async () => {
    const server = await tcpServer('grpc', (socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'))
    expect((await refusal(server.target)).message).toContain('does not speak HTTP/2')
  })

  test('a server that speaks HTTP/2 but not gRPC', async () => {
    const server = createHttp2()
    server.on('stream', (stream) => {
      stream.respond({ ':status': 404 })
      stream.end('not found')
    })
    const { port } = await listening(server)
    expect((await refusal(`grpc://127.0.0.1:${port}`)).message).toContain('speaks HTTP/2 but not gRPC')
  })

  test('a server that opens the connection and never answers a call', async () => {
    const { port } = await listening(createHttp2())
    const error = await refusal(`grpc://127.0.0.1:${port}`, { connectTimeoutMs: '1s' })
    expect(error.message).toBe(`127.0.0.1:${port} accepts connections but never answers`)
    expect(error.next).toContain('connectTimeoutMs')
  })

  /** A health service behind a token. */
  async function guarded(answer: status) {
    const server = await shopServer()
    const path = '/grpc.health.v1.Health/Check'
    server.grpc.addService(
      { [path]: unaryOfBytes(path) },
      {
        [path]: (
          call: { readonly metadata: { get(name: string): unknown[] } },
          callback: sendUnaryData<Buffer>,
        ) => {
          if (call.metadata.get('authorization')[0] === 'Bearer good-token')
            callback(null, Buffer.from([8, 1]))
          else callback({ code: answer, details: 'who are you?' }, null)
        },
      },
    )
    return server
  }

  test.for([
    [status.UNAUTHENTICATED, 'UNAUTHENTICATED'],
    [status.PERMISSION_DENIED, 'PERMISSION_DENIED'],
  ] as const)('a wrong token (%i) is refused and not shown', async ([code, name]) => {
    const server = await guarded(code)
    const error = await refusal(server.target, { metadata: { authorization: 'Bearer hunter2' } })
    expect(error.message).toBe(`127.0.0.1:${server.port} rejected the credentials (${name}: who are you?)`)
    expect(error.format() + JSON.stringify(error.cause)).not.toContain('hunter2')
    await openFlow(driver, server.target, { client, metadata: { authorization: 'Bearer good-token' } }).open()
  })

  test('a server that is not available says so', async () => {
    const server = await guarded(status.UNAVAILABLE)
    expect((await refusal(server.target)).message).toContain('is not available (UNAVAILABLE: who are you?)')
  })

  test('credentials in the url are refused and not shown', async () => {
    const error = await refusal('grpc://me:hunter2@127.0.0.1')
    expect(error.code).toBe('CB_TARGET')
    expect(error.format()).toContain('authorization')
    expect(error.format()).not.toContain('hunter2')
  })

  test('no connection opens after the run was stopped', async () => {
    const server = await shopServer()
    const stop = new AbortController()
    stop.abort()
    for (const [workload, options] of [
      ['unary', { client }],
      ['json', {}],
    ] as const)
      await expect(
        openFlow(driver, server.target, options, { workload, signal: stop.signal }).open(),
      ).rejects.toThrow('aborted')
  })

  test.for([
    ['shop.v1.Orders/Fetch', 'shop.v1.Orders has no method Fetch'],
    ['shop.v1.Shop/Get', 'there is no service shop.v1.Shop'],
    ['shop.v1.Orders/Watch', 'shop.v1.Orders/Watch is a server streaming method'],
  ])('the method %s is refused: %s', async ([method, message]) => {
    const server = await shopServer()
    expect((await refusal(server.target, { method, proto: shopFile })).message).toContain(message)
  })
})
