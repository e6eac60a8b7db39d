import { expect, test } from 'vitest'
import { opened } from '../opened.ts'
import { httpServer, until } from '../servers/http.ts'
import { send } from '../slot.ts'

test('connect opens the connection that all requests use', async () => {
  const server = await httpServer()
  const { connection, counters } = await opened(server.target)
  await until(() => server.accepted === 1)
  for (let index = 0; index < 20; index++) await send(connection)
  expect(server.accepted).toBe(1)
  expect(counters).toEqual({})
})

test.for([
  ['HEAD', undefined],
  ['DELETE', { id: 1 }],
  ['GET', 'a query'],
] as const)('%s with body %j keeps the connection', async ([method, body]) => {
  const server = await httpServer()
  const { connection } = await opened(server.target, { method, ...(body !== undefined && { body }) })
  for (let index = 0; index < 5; index++) expect((await send(connection)).name).toBe('200')
  expect(server.accepted).toBe(1)
})

test('without keepAlive every request has a connection of its own', async () => {
  const server = await httpServer()
  const { connection, counters } = await opened(server.target, { keepAlive: false })
  for (let index = 0; index < 5; index++) await send(connection)
  expect(server.accepted).toBe(5)
  expect(server.seen.map(({ headers }) => headers.connection)).toEqual(Array(5).fill('close'))
  expect(counters).toEqual({ 'connections reopened': 4 })
})

test('an answer that closes the connection is no failure: the next request opens another', async () => {
  const server = await httpServer((_request, response) => {
    response.setHeader('connection', 'close')
    response.end('bye')
  })
  const { connection, counters } = await opened(server.target)
  for (let index = 0; index < 4; index++) expect((await send(connection)).name).toBe('200')
  expect(server.accepted).toBe(4)
  expect(counters).toEqual({ 'connections reopened': 3 })
})

test('a connection that the server closes while it is idle is opened again', async () => {
  const server = await httpServer()
  const { connection } = await opened(server.target)
  for (let round = 1; round <= 3; round++) {
    expect((await send(connection)).name).toBe('200')
    for (const socket of server.sockets) socket.end()
    await until(() => server.sockets.size === 0)
    expect(server.accepted).toBe(round)
  }
})

test('a connection that is closed before its first request is opened again', async () => {
  const server = await httpServer()
  const { connection, counters } = await opened(server.target)
  await until(() => server.sockets.size === 1)
  for (const socket of server.sockets) socket.destroy()
  await until(() => server.sockets.size === 0)
  await new Promise((resolve) => {
    setTimeout(resolve, 20)
  })
  expect((await send(connection)).name).toBe('200')
  expect(counters).toEqual({ 'connections reopened': 1 })
})
