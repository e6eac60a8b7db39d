import { expectLoopbackBehaviour } from '@cloudbench/fixtures/drivers/loopback'
import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

const workloads = ['unary', 'json', 'stream'] as const

test('listens on 127.0.0.1, and speaks gRPC and HTTP on one port', async () => {
  const { target } = await loopbackServer(driver)
  expect(target).toMatch(/^grpc:\/\/127\.0\.0\.1:\d+$/)
  for (const workload of workloads) {
    const flow = openFlow(driver, target, {}, { workload })
    const connection = await flow.open()
    for (let index = 0; index < 10; index++)
      expect(await flow.send(connection, index)).toMatchObject({ name: 'OK', ok: true, operation: workload })
  }
})

test.for([
  [
    'GET',
    '/v1/shelves/1/books/missing',
    undefined,
    404,
    { code: 5, message: 'there is no shelves/1/books/missing', details: [] },
  ],
  ['GET', '/v2/books', undefined, 404, { code: 5, message: 'there is no GET /v2/books', details: [] }],
  ['GET', '/v1/books/1?page_size=x', undefined, 400, { code: 3 }],
  ['GET', '/v1/books/1?nothing=x', undefined, 400, { code: 3 }],
  ['PATCH', '/v1/shelves/1/books/2', '{"pages":"12"}', 200, { name: 'shelves/1/books/2', pages: '12' }],
  ['PATCH', '/v1/shelves/1/books/2', '{', 400, { code: 3 }],
  ['POST', '/v1/shelves/1/a/b:archive', '{"reason":"old"}', 200, { name: 'shelves/1/a/b', title: 'old' }],
] as const)('%s %s with %s is answered %i %j', async ([method, path, body, httpStatus, answer]) => {
  const { target } = await loopbackServer(driver)
  const response = await fetch(target.replace('grpc:', 'http:') + path, {
    method,
    ...(body !== undefined && { body }),
  })
  expect(response.status).toBe(httpStatus)
  expect(await response.json()).toMatchObject(answer)
})

test('a stream is one object per line', async () => {
  const { target } = await loopbackServer(driver)
  const response = await fetch(`${target.replace('grpc:', 'http:')}/v1/shelves/1/books?count=2`)
  expect(await response.text()).toBe(
    '{"result":{"name":"shelves/1/books/0"}}\n{"result":{"name":"shelves/1/books/1"}}\n',
  )
})

expectLoopbackBehaviour({ driver, workloads, success: 'OK', failure: 'INTERNAL' })
