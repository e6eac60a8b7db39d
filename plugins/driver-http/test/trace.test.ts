import { testTrace } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import { onClients } from './fixtures/flow.ts'
import { httpServer } from './servers/http.ts'

const indices = [0, 1, 2, 300]
const expected = indices.map((index) => testTrace.traceparent(index))

onClients((requestFlow) => {
  test.for<[what: string, options: Readonly<Record<string, unknown>>]>([
    ['a GET', {}],
    ['a generated path and header', { path: '/${index}', headers: { 'x-id': '${uuid}' } }],
    ['a body', { method: 'POST', body: { a: 1 } }],
    ['a generated body', { method: 'POST', body: { id: '${uuid}', name: 'ä' } }],
    ['a large body', { method: 'PUT', body: 'x'.repeat(40_000) }],
    ['a large body at a generated path', { method: 'PUT', path: '/${index}', body: 'x'.repeat(40_000) }],
    ['a connection for each request', { keepAlive: false }],
  ])('the server sees the trace context of each request: %s', async ([, options]) => {
    const server = await httpServer()
    const flow = requestFlow(server.target, options, { trace: testTrace })
    const connection = await flow.open()
    for (const index of indices) await flow.send(connection, index)
    expect(server.seen.map(({ headers }) => headers['traceparent'])).toEqual(expected)
    const body = server.seen[0]!.body
    // nothing else has changed
    const plain = requestFlow(server.target, options)
    await plain.send(await plain.open(), 0)
    const { headers, body: plainBody, ...last } = server.seen.at(-1)!
    expect(headers).not.toHaveProperty('traceparent')
    expect(last.method).toBe(server.seen[0]!.method)
    expect(body.length).toBe(plainBody.length)
  })

  test('each of several requests in flight has its own', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target, { pipelining: 4 }, { trace: testTrace })
    const connection = await flow.open()
    await Promise.all(indices.map((index) => flow.send(connection, index)))
    expect(new Set(server.seen.map(({ headers }) => headers['traceparent']))).toEqual(new Set(expected))
  })

  test('a header that users have written stays as it is', async () => {
    const server = await httpServer()
    const options = { headers: { TraceParent: '00-own' } }
    const flow = requestFlow(server.target, options, { trace: testTrace })
    await flow.send(await flow.open(), 1)
    expect(server.seen[0]!.headers['traceparent']).toBe('00-own')
  })
})
