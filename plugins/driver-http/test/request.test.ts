import { expect, test } from 'vitest'
import { opened } from './opened.ts'
import { httpServer } from './servers/http.ts'
import { send } from './slot.ts'

test('method, path, headers and body arrive as they were written', async () => {
  const server = await httpServer()
  const { connection } = await opened(server.target, {
    method: 'put',
    path: '/users/1?full=yes',
    headers: { 'x-team': 'blue', accept: 'application/json' },
    body: 'plain text ä',
  })
  await send(connection)
  expect(server.seen).toMatchObject([
    {
      method: 'PUT',
      url: '/users/1?full=yes',
      headers: { 'x-team': 'blue', accept: 'application/json', 'content-length': '13' },
      body: 'plain text ä',
    },
  ])
  expect(server.seen[0]!.headers).not.toHaveProperty('content-type')
})

test('a JSON body says what it is, unless a header does', async () => {
  const server = await httpServer()
  const { connection } = await opened(server.target, { method: 'POST', body: { a: [1, null] } })
  await send(connection)
  const other = await opened(server.target, {
    method: 'POST',
    body: [],
    headers: { 'Content-Type': 'application/vnd.api+json' },
  })
  await send(other.connection)
  expect(server.seen.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
    ['{"a":[1,null]}', 'application/json'],
    ['[]', 'application/vnd.api+json'],
  ])
})

test('path, headers and body are generated anew for every request', async () => {
  const server = await httpServer()
  const { connection } = await opened(server.target, {
    method: 'POST',
    path: '/items/${index}',
    headers: { 'x-id': 'id-${uuid}', 'x-fixed': 'same' },
    body: { id: '${uuid}', n: '${int:1:6}' },
  })
  for (let index = 0; index < 3; index++) await send(connection, { index })
  expect(server.seen.map(({ url }) => url)).toEqual(['/items/0', '/items/1', '/items/2'])
  expect(new Set(server.seen.map(({ headers }) => headers['x-id'])).size).toBe(3)
  expect(new Set(server.seen.map(({ body }) => body)).size).toBe(3)
  for (const { headers, body } of server.seen) {
    expect(headers['x-fixed']).toBe('same')
    expect(JSON.parse(body)).toEqual({ id: expect.any(String) as string, n: expect.any(Number) as number })
  }
})

test('the same seed sends the same requests', async () => {
  const server = await httpServer()
  for (let run = 0; run < 2; run++) {
    const { connection } = await opened(server.target, {}, { workload: 'json-api' })
    for (let index = 0; index < 3; index++) await send(connection, { index, seed: 42 })
  }
  const bodies = server.seen.map(({ body }) => body)
  expect(bodies.slice(3)).toEqual(bodies.slice(0, 3))
  expect(new Set(bodies).size).toBe(3)
})

test('the path of the target comes first, and is the path when there is no other', async () => {
  const server = await httpServer()
  const whole = await opened(`${server.target}/health?deep=1`)
  await send(whole.connection)
  const base = await opened(`${server.target}/api/`, { path: '/users' })
  await send(base.connection)
  const root = await opened(server.target)
  await send(root.connection)
  expect(server.seen.map(({ url }) => url)).toEqual(['/health?deep=1', '/api/users', '/'])
})

test('credentials in the url become an authorization header', async () => {
  const server = await httpServer()
  const { connection } = await opened(server.target.replace('//', '//me:p%40ss@'))
  await send(connection)
  expect(server.seen[0]!.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
})

test('the trace context goes along while tracing is on', async () => {
  const server = await httpServer()
  const { connection } = await opened(server.target, { headers: { 'x-a': '1' } })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await send(connection, { traceparent })
  await send(connection)
  expect(server.seen.map(({ headers }) => headers.traceparent)).toEqual([traceparent, undefined])
})

test('large bodies arrive whole in both directions', async () => {
  const large = 'ä0123456789'.repeat(200_000)
  const server = await httpServer((_request, response) => response.end(large))
  const { connection, bytes } = await opened(server.target, {
    method: 'POST',
    body: large,
    expect: { body: { equals: large } },
  })
  expect(await send(connection)).toMatchObject({ name: '200', ok: true })
  expect(server.seen[0]!.body === large).toBe(true)
  expect(bytes).toEqual({ sent: Buffer.byteLength(large), received: Buffer.byteLength(large) })
})
