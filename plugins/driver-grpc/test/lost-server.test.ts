import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Slot } from '@cloudbench/core'
import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { shopFile, shopServer, tcpServer, until, type ShopHandler } from './servers/grpc.ts'
import { opened } from './opened.ts'
import { send, slotOf } from './slot.ts'

const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: '${uuid}' } }

const failWith =
  (code: status): ShopHandler =>
  (_call, callback) =>
    callback(Object.assign(new Error('as requested'), { code, details: 'as requested' }), null)

const never: ShopHandler = () => {}

test.for([
  [status.NOT_FOUND, 'NOT_FOUND'],
  [status.UNAVAILABLE, 'UNAVAILABLE'],
  [status.INTERNAL, 'INTERNAL'],
  [status.CANCELLED, 'CANCELLED'],
  [status.UNAUTHENTICATED, 'UNAUTHENTICATED'],
  [status.DATA_LOSS, 'DATA_LOSS'],
] as const)('status %i is the outcome %s, and the connection stays', async ([code, name]) => {
  const server = await shopServer({ get: failWith(code) })
  const { connection } = await opened(server.target, shop)
  const { accepted } = server
  for (let index = 0; index < 3; index++)
    expect(await send(connection, { index })).toEqual({ name, ok: false, operation: 'unary' })
  expect(server.accepted).toBe(accepted)
})

test('an expected status is a success', async () => {
  const server = await shopServer({ get: failWith(status.NOT_FOUND) })
  const { connection } = await opened(server.target, { ...shop, expect: { status: ['OK', 'NOT_FOUND'] } })
  expect(await send(connection)).toMatchObject({ name: 'NOT_FOUND', ok: true })
})

test('a method that the server does not have is UNIMPLEMENTED', async () => {
  const server = await shopServer()
  const { connection } = await opened(server.target, { message: { name: 'shelves/1/books/1' } })
  expect(await send(connection)).toMatchObject({ name: 'UNIMPLEMENTED', ok: false })
})

test('a call that takes too long is DEADLINE_EXCEEDED, and the server was told the deadline', async () => {
  const deadlines: (number | Date)[] = []
  const server = await shopServer({ get: (call) => void deadlines.push(call.getDeadline()) })
  const { connection } = await opened(server.target, { ...shop, deadline: '50ms' })
  expect(await send(connection)).toMatchObject({ name: 'DEADLINE_EXCEEDED', ok: false })
  expect(deadlines).toHaveLength(1)
  expect(Number(deadlines[0]) - Date.now()).toBeLessThan(50)
})

test('a message too large for the server is RESOURCE_EXHAUSTED', async () => {
  const server = await shopServer()
  const { connection } = await opened(server.target, { ...shop, message: { lines: ['x'.repeat(5_000_000)] } })
  expect(await send(connection)).toMatchObject({ name: 'RESOURCE_EXHAUSTED', ok: false })
})

test('an answer larger than allowed is RESOURCE_EXHAUSTED', async () => {
  const server = await shopServer({ get: (_call, callback) => callback(null, Buffer.alloc(2_000)) })
  const { connection } = await opened(server.target, { ...shop, maxMessageBytes: 1_000 })
  expect(await send(connection)).toMatchObject({ name: 'RESOURCE_EXHAUSTED', ok: false })
})

test('when the server is killed, all calls in flight fail, and none is sent again', async () => {
  const server = await shopServer({ get: never })
  const { connection } = await opened(server.target, shop)
  const { accepted } = server
  const calls = Array.from({ length: 6 }, (_, index) => send(connection, { index }))
  await until(() => server.seen.length === 6)
  for (const socket of server.sockets) socket.resetAndDestroy()
  for (const result of await Promise.allSettled(calls))
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: expect.stringMatching(/^(ECONNRESET|CONNECTION_CLOSED)$/) as string },
    })
  await expect(send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  expect(server.seen).toHaveLength(6)
  expect(server.accepted).toBe(accepted)
})

test('when the server is back, a new connection works', async () => {
  const first = await shopServer()
  const before = await opened(first.target, shop)
  expect((await send(before.connection)).name).toBe('OK')
  first.stop()
  await expect(opened(first.target, shop)).rejects.toMatchObject({ code: 'CB_CONNECT' })
  await shopServer({ port: first.port })
  const after = await opened(first.target, shop)
  expect((await send(after.connection)).name).toBe('OK')
})

test('a connection that the server closes while idle is reopened', async () => {
  const server = await shopServer()
  const { connection, counters } = await opened(server.target, shop)
  expect((await send(connection)).name).toBe('OK')
  for (const socket of server.sockets) socket.end()
  await until(() => server.sockets.size === 0)
  expect((await send(connection)).name).toBe('OK')
  expect(counters).toEqual({ 'connections reopened': 1 })
})

test('a server that sends GOAWAY loses no call, and the next call opens another connection', async () => {
  const server = await shopServer({
    get(call, callback) {
      // on the wire, GOAWAY precedes the answer
      server.drain()
      callback(null, call.request)
    },
  })
  const { connection, counters } = await opened(server.target, shop)
  for (let index = 0; index < 3; index++) expect((await send(connection, { index })).name).toBe('OK')
  expect(counters).toEqual({ 'connections reopened': 2 })
})

test('an idle connection whose server is gone fails the next call', async () => {
  const server = await shopServer()
  const { connection } = await opened(server.target, shop)
  server.stop()
  await until(() => server.sockets.size === 0)
  await expect(send(connection)).rejects.toMatchObject({
    code: expect.stringMatching(/^(ECONNREFUSED|ECONNRESET|CONNECTION_CLOSED)$/) as string,
  })
})

test('the connection may be closed from within a failed call', async () => {
  const server = await shopServer({ get: never })
  const { connection } = await opened(server.target, shop)
  const closed = new Promise<void>((resolve, reject) => {
    const fail: Slot['fail'] = () => void Promise.resolve(connection.close()).then(resolve, reject)
    connection.issue!(slotOf({}, () => reject(new Error('done')), fail))
  })
  await until(() => server.seen.length === 1)
  for (const socket of server.sockets) socket.destroy()
  await expect(closed).resolves.toBeUndefined()
})

test('close does not wait for a server that never answers', async () => {
  const server = await shopServer({ get: never })
  const { connection } = await opened(server.target, shop)
  connection.issue!(
    slotOf(
      {},
      () => {},
      () => {},
    ),
  )
  await until(() => server.seen.length === 1)
  await connection.close()
  await until(() => server.sockets.size === 0)
  await expect(send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
})

test.for(['unary', 'json'] as const)('a server that accepts and never answers: %s', async (workload) => {
  const server = await tcpServer((socket) => socket.resume())
  const options = { ...shop, connectTimeoutMs: 200 }
  if (workload === 'unary') {
    const error: unknown = await opened(server.target, options).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'CB_CONNECT',
      message: `127.0.0.1:${server.port} accepts connections but never answers`,
    })
    await until(() => server.sockets.size === 0)
    return
  }
  const { connection } = await opened(server.target, options, { workload })
  const [answer] = await Promise.allSettled([send(connection), connection.close()])
  expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_CLOSED' } })
})

test('a JSON front that is killed fails the request, and the next at once', async () => {
  const server = await tcpServer((socket) => socket.on('data', () => socket.resetAndDestroy()))
  const { connection } = await opened(server.target, shop, { workload: 'json' })
  await expect(send(connection)).rejects.toMatchObject({ code: 'ECONNRESET' })
  await expect(send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
})

test.for([
  [404, '{"code":5,"message":"no such order","details":[]}', 'NOT_FOUND'],
  [404, '{"error":"no such order","code":5,"message":"no such order"}', 'NOT_FOUND'],
  [400, '{"error":{"code":400,"message":"too late","status":"FAILED_PRECONDITION"}}', 'FAILED_PRECONDITION'],
  [409, '<html>conflict</html>', 'ABORTED'],
  [401, '', 'UNAUTHENTICATED'],
  [503, 'upstream connect error', 'UNAVAILABLE'],
  [504, '{}', 'DEADLINE_EXCEEDED'],
  [418, 'teapot', 'UNKNOWN'],
  [302, '', 'UNKNOWN'],
  [501, '{"code":12}', 'UNIMPLEMENTED'],
] as const)('an answer %i %s is the outcome %s', async ([httpStatus, body, name]) => {
  const front = createServer((_request, response) => response.writeHead(httpStatus).end(body))
  await new Promise<void>((resolve) => {
    front.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => void front.close())
  const jsonUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
  const { connection } = await opened('grpc://127.0.0.1:1', { ...shop, jsonUrl }, { workload: 'json' })
  for (let index = 0; index < 2; index++)
    expect(await send(connection, { index })).toEqual({ name, ok: false, operation: 'json' })
})
