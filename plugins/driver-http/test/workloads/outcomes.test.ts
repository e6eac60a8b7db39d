import { expect, test } from 'vitest'
import { onClients } from '../fixtures/flow.ts'
import { httpServer, type HttpServer } from '../servers/http.ts'

/** Answers with the status code in the path. */
function statusServer(body = ''): Promise<HttpServer> {
  return httpServer((request, response) => {
    response.writeHead(Number(request.url!.slice(1)))
    response.end(body)
  })
}

onClients((requestFlow) => {
  async function outcomeOf(target: string, options: Record<string, unknown>): Promise<[string, boolean]> {
    const flow = requestFlow(target, options)
    const connection = await flow.open()
    const { name, ok } = await flow.send(connection)
    return [name, ok]
  }

  test('every status code is an outcome, and 2xx is success', async () => {
    const { target } = await statusServer()
    for (const [code, ok] of [
      [200, true],
      [204, true],
      [304, false],
      [404, false],
      [503, false],
    ] as const)
      expect(await outcomeOf(target, { path: `/${code}` })).toEqual([String(code), ok])
  })

  test.for([
    [404, 404, true],
    [404, 200, false],
    ['4xx', 404, true],
    ['4xx', 500, false],
    [[200, 404], 404, true],
    [[201, '3xx'], 302, true],
    [[201, '3xx'], 200, false],
  ] as const)('when %j is expected, %i is success: %s', async ([status, code, ok]) => {
    const { target } = await statusServer()
    expect(await outcomeOf(target, { path: `/${code}`, expect: { status } })).toEqual([String(code), ok])
  })

  test('the same status is the same outcome object', async () => {
    const { target } = await statusServer()
    const flow = requestFlow(target, { path: '/${choice:200:404}' })
    const connection = await flow.open()
    const seen = new Set()
    for (let index = 0; index < 40; index++) seen.add(await flow.send(connection, index))
    expect(seen.size).toBe(2)
  })

  test('informational statuses do not count', async () => {
    const { target } = await httpServer((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' })
      response.end('done')
    })
    expect(await outcomeOf(target, {})).toEqual(['200', true])
  })

  const body = '{"user":{"name":"Ada","tags":["x","y"],"age":36,"left":null}}'

  test.for([
    [{ contains: '"Ada"' }, true],
    [{ contains: 'Grace' }, false],
    [{ equals: body }, true],
    [{ equals: 'else' }, false],
    [{ json: { 'user.name': 'Ada', 'user.tags.1': 'y', 'user.age': 36, 'user.left': null } }, true],
    [{ json: { 'user.name': 'Grace' } }, false],
    [{ json: { 'user.age': '36' } }, false],
    [{ json: { 'user.missing': 'x' } }, false],
    [{ contains: 'Ada', json: { 'user.age': 37 } }, false],
  ] as const)('body %j matches: %s', async ([expected, matches]) => {
    const { target } = await statusServer(body)
    expect(await outcomeOf(target, { path: '/200', expect: { body: expected } })).toEqual(
      matches ? ['200', true] : ['body mismatch', false],
    )
  })

  test('a body that is not JSON is a mismatch, and an unexpected status stays as it is', async () => {
    const { target } = await statusServer('<html>')
    const options = { expect: { body: { json: { a: 1 } } } }
    expect(await outcomeOf(target, { path: '/200', ...options })).toEqual(['body mismatch', false])
    expect(await outcomeOf(target, { path: '/500', ...options })).toEqual(['500', false])
  })

  test('a body that arrives in pieces is checked as a whole', async () => {
    const { target } = await httpServer((_request, response) => {
      response.write('first half, ')
      setTimeout(() => response.end('second half'), 10)
    })
    expect(await outcomeOf(target, { expect: { body: { contains: 'half, second' } } })).toEqual(['200', true])
  })

  test('a byte order mark is no part of a body', async () => {
    const { target } = await statusServer('\uFEFF{"a":1}')
    for (const expected of [{ json: { a: 1 } }, { equals: '{"a":1}' }])
      expect(await outcomeOf(target, { path: '/200', expect: { body: expected } })).toEqual(['200', true])
  })

  test('the first failing answer is kept as an example', async () => {
    const { target } = await statusServer('the disk is full')
    const flow = requestFlow(target, { path: '/507' })
    expect((await flow.send(await flow.open())).example).toBe('HTTP 507: the disk is full')
  })
})
