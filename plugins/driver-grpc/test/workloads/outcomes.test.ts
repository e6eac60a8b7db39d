import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openFlow } from '@cloudbench/testkit/flow'
import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../../src/index.ts'
import { shopFile, shopServer, type ShopHandler } from '../servers/grpc.ts'

const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: '${uuid}' } }

const failWith =
  (code: status): ShopHandler =>
  (_call, callback) =>
    callback(Object.assign(new Error('as requested'), { code, details: 'as requested' }), null)

test.for([
  [status.NOT_FOUND, 'NOT_FOUND'],
  [status.UNAVAILABLE, 'UNAVAILABLE'],
  [status.INTERNAL, 'INTERNAL'],
  [status.CANCELLED, 'CANCELLED'],
  [status.UNAUTHENTICATED, 'UNAUTHENTICATED'],
  [status.DATA_LOSS, 'DATA_LOSS'],
] as const)('status %i is the outcome %s, and the connection stays', async ([code, name]) => {
  const server = await shopServer({ get: failWith(code) })
  const flow = openFlow(driver, server.target, shop)
  const connection = await flow.open()
  const { accepted } = server
  for (let index = 0; index < 3; index++)
    expect(await flow.send(connection, index)).toMatchObject({
      name,
      ok: false,
      operation: 'unary',
      example: `${name}: as requested`,
    })
  expect(server.accepted).toBe(accepted)
})

test('an expected status is a success', async () => {
  const server = await shopServer({ get: failWith(status.NOT_FOUND) })
  const flow = openFlow(driver, server.target, { ...shop, expect: { status: ['OK', 'NOT_FOUND'] } })
  const connection = await flow.open()
  expect(await flow.send(connection)).toMatchObject({ name: 'NOT_FOUND', ok: true })
})

test('a method that the server does not have is UNIMPLEMENTED', async () => {
  const server = await shopServer()
  const flow = openFlow(driver, server.target, { message: { name: 'shelves/1/books/1' } })
  const connection = await flow.open()
  expect(await flow.send(connection)).toMatchObject({ name: 'UNIMPLEMENTED', ok: false })
})

test('a call that takes too long is DEADLINE_EXCEEDED, and the server was told the deadline', async () => {
  const deadlines: (number | Date)[] = []
  const server = await shopServer({ get: (call) => void deadlines.push(call.getDeadline()) })
  const flow = openFlow(driver, server.target, { ...shop, deadline: '500ms' })
  const connection = await flow.open()
  expect(await flow.send(connection)).toMatchObject({ name: 'DEADLINE_EXCEEDED', ok: false })
  // client and server share a thread: the client may have given up before the server hears of the call
  await expect.poll(() => deadlines.length).toBe(1)
  expect(Number(deadlines[0]) - Date.now()).toBeLessThan(500)
})

test('a message too large for the server is RESOURCE_EXHAUSTED', async () => {
  const server = await shopServer()
  const flow = openFlow(driver, server.target, { ...shop, message: { lines: ['x'.repeat(5_000_000)] } })
  const connection = await flow.open()
  expect(await flow.send(connection)).toMatchObject({ name: 'RESOURCE_EXHAUSTED', ok: false })
})

test('an answer larger than allowed is RESOURCE_EXHAUSTED', async () => {
  const server = await shopServer({ get: (_call, callback) => callback(null, Buffer.alloc(2_000)) })
  const flow = openFlow(driver, server.target, { ...shop, maxMessageBytes: '1KB' })
  const connection = await flow.open()
  expect(await flow.send(connection)).toMatchObject({ name: 'RESOURCE_EXHAUSTED', ok: false })
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
  const flow = openFlow(driver, 'grpc://127.0.0.1:1', { ...shop, jsonUrl }, { workload: 'json' })
  const connection = await flow.open()
  for (let index = 0; index < 2; index++)
    expect(await flow.send(connection, index)).toMatchObject({
      name,
      ok: false,
      operation: 'json',
      example: body === '' ? name : `${name}: ${body}`,
    })
})

test('an unexpected answer shows what was wrong with it first', async () => {
  const server = await shopServer()
  const options = { ...shop, message: { id: 'a' }, expect: { message: { id: 'b' } } }
  const flow = openFlow(driver, server.target, options)
  expect(await flow.send(await flow.open())).toMatchObject({
    name: 'unexpected answer',
    example: 'id is "a" instead of "b"',
  })
})
