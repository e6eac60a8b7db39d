import { expect, test } from 'vitest'
import { onClients } from '../fixtures/flow.ts'
import { httpServer, until } from '../servers/http.ts'

onClients((requestFlow, client) => {
  test('connect opens the connection of all requests', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    await until(() => server.accepted === 1)
    for (let index = 0; index < 20; index++) await flow.send(connection)
    expect(server.accepted).toBe(1)
    expect(flow.counters).toEqual({})
  })

  // undici closes it after these
  test.runIf(client === 'wire').for([
    ['HEAD', undefined],
    ['DELETE', { id: 1 }],
    ['GET', 'a query'],
  ] as const)('%s with body %j keeps the connection', async ([method, body]) => {
    const server = await httpServer()
    const flow = requestFlow(server.target, { method, ...(body !== undefined && { body }) })
    const connection = await flow.open()
    for (let index = 0; index < 5; index++) expect((await flow.send(connection)).name).toBe('200')
    expect(server.accepted).toBe(1)
  })

  test('without keepAlive, every request has a connection of its own', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target, { keepAlive: false })
    const connection = await flow.open()
    for (let index = 0; index < 5; index++) await flow.send(connection)
    expect(server.accepted).toBe(5)
    expect(server.seen.map(({ headers }) => headers.connection)).toEqual(Array(5).fill('close'))
    expect(flow.counters).toEqual({ 'connections reopened': 4 })
  })

  test('an answer that closes the connection is not a failure: the next request opens another', async () => {
    const server = await httpServer((_request, response) => {
      response.setHeader('connection', 'close')
      response.end('bye')
    })
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    for (let index = 0; index < 4; index++) expect((await flow.send(connection)).name).toBe('200')
    expect(server.accepted).toBe(4)
    expect(flow.counters).toEqual({ 'connections reopened': 3 })
  })

  test('a connection that the server closes while idle is reopened', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    for (let round = 1; round <= 3; round++) {
      expect((await flow.send(connection)).name).toBe('200')
      for (const socket of server.sockets) socket.end()
      await until(() => server.sockets.size === 0)
      expect(server.accepted).toBe(round)
    }
  })

  test('a connection closed before its first request is reopened', async () => {
    const server = await httpServer()
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    await until(() => server.sockets.size === 1)
    for (const socket of server.sockets) socket.destroy()
    await until(() => server.sockets.size === 0)
    // the end of the client has to notice it too
    await until(() => !process.getActiveResourcesInfo().includes('TCPSocketWrap'))
    expect((await flow.send(connection)).name).toBe('200')
    expect(flow.counters).toEqual({ 'connections reopened': 1 })
  })
})
