import { refusalOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { status, type sendUnaryData } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { healthRefusal, reflectionRefusal } from '../src/connect-error.ts'
import driver from '../src/index.ts'
import { parseTarget } from '../src/target.ts'
import { shopServer, unaryOfBytes } from './servers/grpc.ts'

const target = parseTarget('grpc://127.0.0.1:50051')

test.for([
  [status.UNAUTHENTICATED, 'no token', /rejected the credentials \(UNAUTHENTICATED: no token\)/, /metadata/],
  [
    status.PERMISSION_DENIED,
    'not you',
    /rejected the credentials \(PERMISSION_DENIED: not you\)/,
    /metadata/,
  ],
  [status.RESOURCE_EXHAUSTED, 'quota', /takes no more calls \(RESOURCE_EXHAUSTED: quota\)/, /fewer/],
  [status.UNAVAILABLE, '', /is not available \(UNAVAILABLE\)/, /behind it/],
  [status.DEADLINE_EXCEEDED, '', /never answers/, /connectTimeoutMs/],
  [
    status.RESOURCE_EXHAUSTED,
    'Received message larger than max (9 vs 4)',
    /larger than the driver accepts/,
    /maxMessageBytes/,
  ],
  [status.UNKNOWN, 'Received HTTP status code 404', /HTTP\/2 but not gRPC/, /host and port/],
] as const)('%i %s: why, and what to do', ([code, details, what, next]) => {
  for (const error of [
    healthRefusal({ code, details }, target)!,
    reflectionRefusal({ code, details }, target),
  ]) {
    expect(error.code).toBe('CB_CONNECT')
    expect(error.message).toMatch(what)
    expect(error.expected).toMatch(/\w{4}/)
    expect(error.next).toMatch(next)
  }
})

test('a server without a health service takes calls, and one without reflection has to be described', () => {
  const reply = { code: status.UNIMPLEMENTED, details: 'unknown service' }
  expect(healthRefusal(reply, target)).toBeUndefined()
  const error = reflectionRefusal(reply, target)
  expect(error.message).toBe("the server's reflection answers UNIMPLEMENTED: unknown service")
  expect(error.next).toContain('.proto')
})

test.for([
  ['grpc.health.v1.Health/Check', /takes no more calls \(RESOURCE_EXHAUSTED: come back later\)/],
  ['grpc.reflection.v1.ServerReflection/ServerReflectionInfo', /takes no more calls/],
] as const)('a real server that refuses %s is explained', async ([method, what]) => {
  const server = await shopServer()
  const path = `/${method}`
  server.grpc.addService(
    { [path]: unaryOfBytes(path) },
    {
      [path]: (_call: unknown, callback: sendUnaryData<Buffer>) =>
        callback({ code: status.RESOURCE_EXHAUSTED, details: 'come back later' }, null),
    },
  )
  const flow = openFlow(driver, server.target, { method: 'shop.v1.Orders/Get' })
  expect((await refusalOf(flow.open())).message).toMatch(what)
  await expect.poll(() => server.sockets.size).toBe(0)
})
