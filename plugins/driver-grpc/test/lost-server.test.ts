import { createServer } from 'node:http'
import type { Connection, Outcome, Slot } from '@cloudbench/core'
import { listening, tcpServer } from '@cloudbench/fixtures/tcp-server'
import { callOf, openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { clients } from '../src/clients.ts'
import driver from '../src/index.ts'
import { shopFile, shopServer, until, type ShopHandler } from './servers/grpc.ts'

const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: '${uuid}' } }

const never: ShopHandler = () => {}

/** Hands the driver a call, also where a load would open another connection first. */
function issue(connection: Connection): Promise<Outcome> {
  return new Promise((done, fail) => {
    connection.issue!({ ...callOf(), answered() {}, done, fail, unsent: fail })
  })
}

/** A server that says goodbye to every connection on its first call, and answers it. */
async function leavingServer(): ReturnType<typeof shopServer> {
  const server = await shopServer({
    get(call, callback) {
      // on the wire, GOAWAY precedes the answer
      server.drain()
      callback(null, call.request)
    },
  })
  return server
}

describe.each(Object.keys(clients))('%s', (client) => {
  test('when the server is killed, all calls in flight fail, and none is sent again', async () => {
    const server = await shopServer({ get: never })
    const flow = openFlow(driver, server.target, { ...shop, client })
    const connection = await flow.open()
    const { accepted } = server
    const calls = Array.from({ length: 6 }, (_, index) => flow.send(connection, index))
    await until(() => server.seen.length === 6)
    for (const socket of server.sockets) socket.resetAndDestroy()
    for (const result of await Promise.allSettled(calls))
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: expect.stringMatching(/^(ECONNRESET|CONNECTION_CLOSED)$/) as string },
      })
    await expect(flow.send(connection)).rejects.toThrow(/lost|closed|ECONNRESET/)
    expect(server.seen).toHaveLength(6)
    expect(server.accepted).toBe(accepted)
  })

  test('when the server is back, a new connection works', async () => {
    const first = await shopServer()
    const before = openFlow(driver, first.target, { ...shop, client })
    const beforeConnection = await before.open()
    expect((await before.send(beforeConnection)).name).toBe('OK')
    first.stop()
    await expect(openFlow(driver, first.target, { ...shop, client }).open()).rejects.toMatchObject({
      code: 'CB_CONNECT',
    })
    await shopServer({ port: first.port })
    const after = openFlow(driver, first.target, { ...shop, client })
    const afterConnection = await after.open()
    expect((await after.send(afterConnection)).name).toBe('OK')
  })

  test('a connection that is idle after the last answer of a leaving server says so', async () => {
    const server = await leavingServer()
    const flow = openFlow(driver, server.target, { ...shop, client })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('OK')
    await flow.lost(connection)
    expect(flow.sockets.opened).toBe(1)
  })

  test('an idle connection whose server is gone fails the next call', async () => {
    const server = await shopServer()
    const flow = openFlow(driver, server.target, { ...shop, client })
    const connection = await flow.open()
    server.stop()
    await until(() => server.sockets.size === 0)
    await expect(issue(connection)).rejects.toMatchObject({
      code: expect.stringMatching(/^(ECONNREFUSED|ECONNRESET|CONNECTION_CLOSED)$/) as string,
    })
  })

  test('a call for which there is no connection any more has not left, and says so', async () => {
    const server = await shopServer()
    const flow = openFlow(driver, server.target, { ...shop, client })
    const connection = await flow.open()
    server.stop()
    // what leaves before the client has heard of it may have arrived
    await until(() => flow.sockets.open === 0)
    for (let call = 0; call < 2; call++) {
      const error = await new Promise((resolve, reject) => {
        const fail = (): void => reject(new Error('it counts as sent'))
        connection.issue!({ ...callOf(), answered() {}, done: fail, fail, unsent: resolve })
      })
      expect(error).toMatchObject({
        code: expect.stringMatching(/^(ECONNREFUSED|CONNECTION_CLOSED)$/) as string,
      })
    }
  })

  test('the connection may be closed from within a failed call', async () => {
    const server = await shopServer({ get: never })
    const flow = openFlow(driver, server.target, { ...shop, client })
    const connection = await flow.open()
    const closed = new Promise<void>((resolve, reject) => {
      const fail: Slot['fail'] = () => void Promise.resolve(connection.close()).then(resolve, reject)
      connection.issue!({
        ...callOf(),
        answered() {},
        done: () => reject(new Error('done')),
        fail,
        unsent: fail,
      })
    })
    await until(() => server.seen.length === 1)
    for (const socket of server.sockets) socket.destroy()
    await expect(closed).resolves.toBeUndefined()
  })

  test('close does not wait for a server that never answers', async () => {
    const server = await shopServer({ get: never })
    const flow = openFlow(driver, server.target, { ...shop, client })
    const connection = await flow.open()
    connection.issue!({ ...callOf(), answered() {}, done: () => {}, fail: () => {}, unsent: () => {} })
    await until(() => server.seen.length === 1)
    await connection.close()
    await until(() => server.sockets.size === 0)
    await expect(flow.send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })

  test.for(['end', 'resetAndDestroy'] as const)('an idle connection that ends (%s) says so', async (how) => {
    const server = await shopServer()
    const flow = openFlow(driver, server.target, { ...shop, client })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('OK')
    for (const socket of server.sockets) socket[how]()
    await flow.lost(connection)
    await until(() => flow.sockets.open === 0)
    await expect(flow.send(connection)).rejects.toThrow('connection lost')
    expect((await flow.send(await flow.open())).name).toBe('OK')
    expect(flow.sockets).toEqual({ opened: 2, open: 1 })
    expect(server.accepted).toBe(2)
  })

  test('a server that ends connections without calls: they are lost while idle, and opened once more', async () => {
    const server = await shopServer({ settings: { 'grpc.max_connection_idle_ms': 60 } })
    const flow = openFlow(driver, server.target, { ...shop, client })
    for (let round = 0; round < 3;) {
      const connection = await flow.open()
      // on a busy machine, one may end before it is used
      if (
        await flow.send(connection).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        round++
      await flow.lost(connection)
      await connection.close()
      expect(flow.sockets).toEqual({ opened: server.accepted, open: 0 })
    }
  })

  test('a server that is restarted: every connection that either of the two accepted is counted', async () => {
    const first = await shopServer()
    const flow = openFlow(driver, first.target, { ...shop, client })
    const connection = await flow.open()
    first.stop()
    await flow.lost(connection)
    await connection.close()
    await expect(flow.open()).rejects.toMatchObject({
      message: expect.stringMatching(/^nothing listens/) as string,
    })
    const second = await shopServer({ port: first.port })
    expect((await flow.send(await flow.open())).name).toBe('OK')
    expect(flow.sockets).toEqual({ opened: first.accepted + second.accepted, open: 1 })
    expect([first.accepted, second.accepted]).toEqual([1, 1])
  })

  test('connections that show why a server cannot be used are counted too', async () => {
    const server = await tcpServer('grpc', (socket) => socket.resume().write('SSH-2.0-OpenSSH_9.9\r\n'))
    const flow = openFlow(driver, server.target, { ...shop, client })
    await expect(flow.open()).rejects.toMatchObject({ code: 'CB_CONNECT' })
    await until(() => server.sockets.size === 0)
    expect(flow.sockets).toEqual({ opened: server.accepted, open: 0 })
  })
})

/** How a call that is handed to the driver ended: an outcome, what it failed with, or what it was given back with. */
function ending(connection: Connection): Promise<string> {
  return new Promise((resolve) => {
    connection.issue!({
      ...callOf(),
      answered() {},
      done: ({ name }) => resolve(name),
      fail: (error) => resolve(`failed: ${(error as Error).message}`),
      unsent: (error) => resolve(`unsent: ${(error as Error).message}`),
    })
  })
}

test('wire: a server that leaves answers what it has taken, and the rest goes back to the host', async () => {
  const held = Promise.withResolvers<void>()
  const server = await shopServer({
    async get(call, callback) {
      await held.promise
      callback(null, call.request)
    },
  })
  const flow = openFlow(driver, server.target, shop)
  const connection = await flow.open()
  const taken = [ending(connection), ending(connection)]
  await until(() => server.seen.length === 2)
  server.drain()
  // what comes now meets a server that leaves: before or after the client has heard of it
  const late = [ending(connection), ending(connection)]
  held.resolve()
  const lost = await flow.lost(connection)
  expect(lost).toBeUndefined()
  expect(await Promise.all(taken)).toEqual(['OK', 'OK'])
  const gone = 'unsent: the server left the connection (GOAWAY)'
  expect(await Promise.all(late)).toEqual([gone, gone])
  expect(await ending(connection)).toBe(gone)
  expect(flow.sockets.opened).toBe(1)
})

test('wire: connections that a server ends by their age cost no call', async () => {
  const server = await shopServer({
    settings: { 'grpc.max_connection_age_ms': 60, 'grpc.max_connection_age_grace_ms': 60_000 },
  })
  const flow = openFlow(driver, server.target, shop)
  const endings = new Set<string>()
  for (let round = 0; round < 3; round++) {
    const connection = await flow.open()
    const lost = flow.lost(connection).then(() => 'lost')
    for (let how = ''; how !== 'lost';) {
      how = await Promise.race([lost, ending(connection)])
      endings.add(how.replace(/:.*/, ''))
    }
    await connection.close()
  }
  expect([...endings].filter((one) => one !== 'unsent' && one !== 'lost')).toEqual(['OK'])
  expect(flow.sockets).toEqual({ opened: server.accepted, open: 0 })
})

test('grpc-js: a connection that the server closes while idle is reopened', async () => {
  const server = await shopServer()
  const flow = openFlow(driver, server.target, { ...shop, client: 'grpc-js' })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('OK')
  for (const socket of server.sockets) socket.end()
  await until(() => server.sockets.size === 0)
  expect((await issue(connection)).name).toBe('OK')
  expect(flow.sockets).toEqual({ opened: 2, open: 1 })
  expect(server.accepted).toBe(2)
})

test('grpc-js: a server that sends GOAWAY loses no call, and the next call opens another connection', async () => {
  const server = await leavingServer()
  const flow = openFlow(driver, server.target, { ...shop, client: 'grpc-js' })
  const connection = await flow.open()
  for (let call = 0; call < 3; call++) expect((await issue(connection)).name).toBe('OK')
  expect(flow.sockets.opened).toBe(3)
  expect(server.accepted).toBe(3)
})

test('grpc-js: a server that sends GOAWAY while a call is in flight loses none either', async () => {
  const held = Promise.withResolvers<void>()
  const server = await shopServer({
    async get(call, callback) {
      if (server.seen.length === 1) await held.promise
      else server.drain()
      callback(null, call.request)
    },
  })
  const flow = openFlow(driver, server.target, { ...shop, client: 'grpc-js', streams: 2 })
  const connection = await flow.open()
  const first = flow.send(connection)
  await until(() => server.seen.length === 1)
  for (let index = 1; index < 4; index++) expect((await flow.send(connection, index)).name).toBe('OK')
  held.resolve()
  expect((await first).name).toBe('OK')
  expect(flow.sockets.opened).toBe(3)
  expect(server.accepted).toBe(3)
})

test('grpc-js: connections that a server ends by their age are counted as it counts them', async () => {
  const server = await shopServer({
    settings: { 'grpc.max_connection_age_ms': 60, 'grpc.max_connection_age_grace_ms': 60_000 },
  })
  const flow = openFlow(driver, server.target, { ...shop, client: 'grpc-js' })
  const outcomes = new Set<string>()
  const connection = await flow.open()
  while (server.accepted < 4) outcomes.add((await issue(connection)).name)
  // what it refuses while it leaves is not sent again: a stub was told not to
  expect([...outcomes].filter((name) => name !== 'UNAVAILABLE')).toEqual(['OK'])
  expect(flow.sockets.opened).toBe(server.accepted)
  await flow.close()
  await until(() => server.sockets.size === 0)
  expect(flow.sockets).toEqual({ opened: server.accepted, open: 0 })
})

test.for(['unary', 'json'] as const)('a server that accepts and never answers: %s', async (workload) => {
  const server = await tcpServer('grpc', (socket) => socket.resume())
  const options = { ...shop, connectTimeoutMs: '1s' }
  if (workload === 'unary') {
    const error: unknown = await openFlow(driver, server.target, options)
      .open()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'CB_CONNECT',
      message: `127.0.0.1:${server.port} accepts connections but never answers`,
    })
    await until(() => server.sockets.size === 0)
    return
  }
  const flow = openFlow(driver, server.target, options, { workload })
  const connection = await flow.open()
  const [answer] = await Promise.allSettled([flow.send(connection), connection.close()])
  expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_CLOSED' } })
})

test('a JSON front that is killed fails the request, and the next at once', async () => {
  const server = await tcpServer('grpc', (socket) => socket.on('data', () => socket.resetAndDestroy()))
  const flow = openFlow(driver, server.target, shop, { workload: 'json' })
  const connection = await flow.open()
  await expect(flow.send(connection)).rejects.toMatchObject({ code: 'ECONNRESET' })
  await expect(flow.send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
})

test.for([
  ['after every answer', { connection: 'close' }, 5],
  ['never', {}, 1],
] as const)(
  'the JSON form: a front that ends its connections %s is counted as it counts',
  async ([, headers, expected]) => {
    const front = createServer((_request, response) => response.writeHead(200, headers).end('{}'))
    const { port, ...server } = await listening(front)
    const jsonUrl = `http://127.0.0.1:${port}`
    const flow = openFlow(driver, 'grpc://127.0.0.1:1', { ...shop, jsonUrl }, { workload: 'json' })
    const connection = await flow.open()
    for (let index = 0; index < 5; index++) expect((await flow.send(connection, index)).name).toBe('OK')
    expect(flow.sockets.opened).toBe(expected)
    expect(server.sockets.size).toBeLessThanOrEqual(1)
  },
)

test('the JSON form: the connection that asks for reflection is counted', async () => {
  const server = await shopServer({ reflection: ['v1'] })
  const flow = openFlow(
    driver,
    server.target,
    { method: shop.method, message: { id: '1' } },
    { workload: 'json' },
  )
  await flow.open().catch(() => {})
  expect(flow.sockets.opened).toBe(server.accepted)
})
