import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import { loopbackServer } from './servers/loopback.ts'
import driver from '../src/index.ts'

const workloads = ['unary', 'json', 'stream'] as const

test('listens on 127.0.0.1, and speaks gRPC and HTTP on one port', async () => {
  const { target } = await loopbackServer()
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
  const { target } = await loopbackServer()
  const response = await fetch(target.replace('grpc:', 'http:') + path, {
    method,
    ...(body !== undefined && { body }),
  })
  expect(response.status).toBe(httpStatus)
  expect(await response.json()).toMatchObject(answer)
})

test('a stream is one object per line', async () => {
  const { target } = await loopbackServer()
  const response = await fetch(`${target.replace('grpc:', 'http:')}/v1/shelves/1/books?count=2`)
  expect(await response.text()).toBe(
    '{"result":{"name":"shelves/1/books/0"}}\n{"result":{"name":"shelves/1/books/1"}}\n',
  )
})

test.for(workloads)('%s: failures are spread evenly', async (workload) => {
  const { target } = await loopbackServer({ failureRate: 0.25 })
  const flow = openFlow(driver, target, {}, { workload })
  const connection = await flow.open()
  const names: string[] = []
  for (let index = 0; index < 8; index++) names.push((await flow.send(connection, index)).name)
  expect(names).toEqual(['OK', 'OK', 'OK', 'INTERNAL', 'OK', 'OK', 'OK', 'INTERNAL'])
})

test.for(workloads)('%s: a delay is at least as long as requested', async (workload) => {
  const { target } = await loopbackServer({ delayMs: 30 })
  const flow = openFlow(driver, target, {}, { workload })
  const connection = await flow.open()
  const startMs = performance.now()
  await flow.send(connection)
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(29)
})

test.for(workloads)('%s: a server that dies ends calls in flight and accepts no more', async (workload) => {
  const { target } = await loopbackServer({ dieAfterRequests: 0 })
  const flow = openFlow(driver, target, {}, { workload })
  const connection = await flow.open()
  await expect(flow.send(connection)).rejects.toMatchObject({
    code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) as string,
  })
  await expect(openFlow(driver, target, {}, { workload }).open()).rejects.toMatchObject({
    code: 'CB_CONNECT',
  })
})

test('close ends open connections and can be called again', async () => {
  const loopback = await loopbackServer({ delayMs: 60_000 })
  const flow = openFlow(driver, loopback.target)
  const connection = await flow.open()
  const waiting = flow.send(connection)
  const [, answer] = await Promise.allSettled([loopback.close(), waiting])
  expect(answer.status).toBe('rejected')
  await loopback.close()
})

test('a port in use is refused', async () => {
  const { target } = await loopbackServer()
  const port = Number(new URL(target).port)
  await expect(loopbackServer({ port })).rejects.toMatchObject({ code: 'CB_TARGET' })
})
