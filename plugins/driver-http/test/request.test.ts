import { expect, test } from 'vitest'
import { onClients } from './fixtures/flow.ts'
import { httpServer } from './servers/http.ts'

onClients((requestFlow) => {
  test('method, path, headers and body arrive as written', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target, {
      method: 'put',
      path: '/users/1?full=yes',
      headers: { 'x-team': 'blue', accept: 'application/json' },
      body: 'plain text ä',
    })
    const connection = await flow.open()
    await flow.send(connection)
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

  test('a JSON body has a content-type, unless a header sets one', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target, { method: 'POST', body: { a: [1, null] } })
    const connection = await flow.open()
    await flow.send(connection)
    const other = requestFlow(server.target, {
      method: 'POST',
      body: [],
      headers: { 'Content-Type': 'application/vnd.api+json' },
    })
    const otherConnection = await other.open()
    await other.send(otherConnection)
    expect(server.seen.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
      ['{"a":[1,null]}', 'application/json'],
      ['[]', 'application/vnd.api+json'],
    ])
  })

  test('path, headers and body are generated for every request', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target, {
      method: 'POST',
      path: '/items/${index}',
      headers: { 'x-id': 'id-${uuid}', 'x-fixed': 'same' },
      body: { id: '${uuid}', n: '${int:1:6}' },
    })
    const connection = await flow.open()
    for (let index = 0; index < 3; index++) await flow.send(connection, index)
    expect(server.seen.map(({ url }) => url)).toEqual(['/items/0', '/items/1', '/items/2'])
    expect(new Set(server.seen.map(({ headers }) => headers['x-id'])).size).toBe(3)
    expect(new Set(server.seen.map(({ body }) => body)).size).toBe(3)
    for (const { headers, body } of server.seen) {
      expect(headers['x-fixed']).toBe('same')
      expect(JSON.parse(body)).toEqual({ id: expect.any(String) as string, n: expect.any(Number) as number })
    }
  })

  test('the path of the target comes first, and is the path without another', async () => {
    const server = await httpServer()
    const whole = requestFlow(`${server.target}/health?deep=1`)
    const wholeConnection = await whole.open()
    await whole.send(wholeConnection)
    const base = requestFlow(`${server.target}/api/`, { path: '/users' })
    const baseConnection = await base.open()
    await base.send(baseConnection)
    const root = requestFlow(server.target)
    const rootConnection = await root.open()
    await root.send(rootConnection)
    expect(server.seen.map(({ url }) => url)).toEqual(['/health?deep=1', '/api/users', '/'])
  })

  test('credentials in the url become an authorization header', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target.replace('//', '//me:p%40ss@'))
    const connection = await flow.open()
    await flow.send(connection)
    expect(server.seen[0]!.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  })

  test('large bodies arrive complete in both directions', async () => {
    const large = 'ä0123456789'.repeat(200_000)
    const server = await httpServer((_request, response) => response.end(large))
    const flow = requestFlow(server.target, {
      method: 'POST',
      body: large,
      expect: { body: { equals: large } },
    })
    const connection = await flow.open()
    expect(await flow.send(connection)).toMatchObject({ name: '200', ok: true })
    expect(server.seen[0]!.body === large).toBe(true)
    expect(flow.bytes).toEqual({ sent: Buffer.byteLength(large), received: Buffer.byteLength(large) })
  })
})
