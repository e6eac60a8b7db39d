import { createServer } from 'node:http'
import { listening } from '@cloudbench/fixtures/tcp-server'
import { openFlow, testTrace } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { clients } from '../src/clients.ts'
import driver from '../src/index.ts'
import { shopFile, shopServer } from './servers/grpc.ts'

const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: 'a' } }
const indices = [0, 1, 2, 300]
const expected = indices.map((index) => [testTrace.traceparent(index)])

describe.each(Object.keys(clients))('%s', (client) => {
  test.for<[what: string, metadata: Readonly<Record<string, string>>]>([
    ['no metadata', {}],
    ['metadata', { 'x-team': 'blue' }],
    ['generated metadata', { 'x-team': 'blue', 'x-id': '${uuid}-${index}' }],
  ])('the server sees the trace context of each call, beside %s', async ([, metadata]) => {
    const server = await shopServer()
    const flow = openFlow(driver, server.target, { ...shop, client, metadata }, { trace: testTrace })
    const connection = await flow.open()
    for (const index of indices) expect((await flow.send(connection, index)).name).toBe('OK')
    expect(server.seen.map((seen) => seen.get('traceparent'))).toEqual(expected)
    for (const [at, seen] of server.seen.entries()) {
      if ('x-team' in metadata) expect(seen.get('x-team')).toEqual(['blue'])
      if ('x-id' in metadata) expect(String(seen.get('x-id')[0])).toMatch(new RegExp(`-${indices[at]}$`))
    }
  })

  test('each of several calls in flight has its own, those that wait for a stream too', async () => {
    const settings = { 'grpc.max_concurrent_streams': 2 }
    const server = await shopServer({ settings })
    const flow = openFlow(driver, server.target, { ...shop, client, streams: 8 }, { trace: testTrace })
    const connection = await flow.open()
    await Promise.all(Array.from({ length: 8 }, (_, index) => flow.send(connection, index)))
    const seen = server.seen.map((one) => String(one.get('traceparent')[0]))
    expect(new Set(seen)).toEqual(
      new Set(Array.from({ length: 8 }, (_, index) => testTrace.traceparent(index))),
    )
  })

  test('metadata that users have written stays as it is', async () => {
    const server = await shopServer()
    const metadata = { traceparent: '00-own' }
    const flow = openFlow(driver, server.target, { ...shop, client, metadata }, { trace: testTrace })
    await flow.send(await flow.open(), 1)
    expect(server.seen[0]!.get('traceparent')).toEqual(['00-own'])
  })

  test('without a trace context, there is none', async () => {
    const server = await shopServer()
    const flow = openFlow(driver, server.target, { ...shop, client })
    await flow.send(await flow.open(), 1)
    expect(server.seen[0]!.get('traceparent')).toEqual([])
  })
})

test('as HTTP/JSON, it is a header of HTTP', async () => {
  const seen: unknown[] = []
  const server = await listening(
    createServer((request, response) => {
      seen.push(request.headers['traceparent'])
      response.setHeader('content-type', 'application/json').end('{"id":"a"}')
    }),
  )
  const given = { workload: 'json', trace: testTrace }
  const flow = openFlow(driver, `http://127.0.0.1:${server.port}`, shop, given)
  const connection = await flow.open()
  for (const index of indices) expect((await flow.send(connection, index)).name).toBe('OK')
  expect(seen).toEqual(expected.flat())
})
