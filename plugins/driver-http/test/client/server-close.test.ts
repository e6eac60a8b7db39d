import { tcpServer, type TcpServer } from '@cloudbench/fixtures/tcp-server'
import { expect, test } from 'vitest'
import { onClients } from '../fixtures/flow.ts'
import { httpServer, until } from '../servers/http.ts'

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'

/** Answers the first request of its first connection, and closes that connection at the second. */
function closingServer(): Promise<TcpServer> {
  let requests = 0
  return tcpServer('http', (socket) => {
    socket.on('data', () => {
      if (++requests === 2) socket.end()
      else socket.write(ok)
    })
  })
}

onClients((requestFlow, client) => {
  test.for([
    ['connection: close', {}, 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'],
    ['HTTP/1.0', {}, 'HTTP/1.0 200 OK\r\n\r\nhello'],
    ['keepAlive: false', { keepAlive: false }, ok],
  ] as const)('%s: connections are reported as the server counts them', async ([, options, answer]) => {
    const server = await tcpServer('http', (socket) => {
      socket.on('data', () => socket.end(answer))
    })
    const flow = requestFlow(server.target, options)
    const connection = await flow.open()
    await flow.sendAll(connection, 30)
    expect(server.accepted).toBe(30)
    expect(flow.sockets.opened).toBe(30)
  })

  test.for(['end', 'resetAndDestroy'] as const)(
    'a server that closes while idle (%s) fails nothing',
    async (how) => {
      const server = await httpServer()
      const flow = requestFlow(server.target, { method: 'POST' })
      const connection = await flow.open()
      for (let round = 1; round <= 4; round++) {
        expect((await flow.send(connection)).name).toBe('200')
        for (const socket of server.sockets) socket[how]()
        await until(() => flow.sockets.open === 0)
      }
      expect(flow.sockets.opened).toBe(server.accepted)
      expect(flow.counters['resent'] ?? 0).toBe(0)
    },
  )

  // undici closes the connection after HEAD
  test.for(['GET', 'OPTIONS', 'TRACE', ...(client === 'wire' ? ['HEAD'] : [])])(
    '%s is sent again once, and counted',
    async (method) => {
      const { target } = await closingServer()
      const flow = requestFlow(target, { method })
      const connection = await flow.open()
      await flow.send(connection)
      expect((await flow.send(connection)).name).toBe('200')
      expect(flow.counters['resent']).toBe(1)
    },
  )

  test('what may change something is not sent again', async () => {
    const server = await closingServer()
    const flow = requestFlow(server.target, { method: 'POST' })
    const connection = await flow.open()
    await flow.send(connection)
    await expect(flow.send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    expect(server.accepted).toBe(1)
  })

  test.for([0, 1, 2])(
    'Keep-Alive: timeout=%i: closing is left to the server, but by undici',
    async (seconds) => {
      const server = await tcpServer('http', (socket) => {
        socket.on('data', () =>
          socket.write(`HTTP/1.1 200 OK\r\nkeep-alive: timeout=${seconds}\r\ncontent-length: 2\r\n\r\nok`),
        )
      })
      const flow = requestFlow(server.target)
      await flow.sendAll(await flow.open(), 10)
      if (client === 'wire') expect(server.accepted).toBe(1)
      expect(flow.sockets.opened).toBe(server.accepted)
    },
  )

  test.for([
    ['content-length: 9\r\n\r\nshort', 'TRUNCATED_RESPONSE'],
    ['transfer-encoding: chunked\r\n\r\n5\r\nsh', 'TRUNCATED_RESPONSE'],
    ['connection: close\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n', 'TRUNCATED_RESPONSE'],
    ['content-length: 2\r\ncontent-length: 3\r\n\r\nok', 'INVALID_RESPONSE'],
    ['x-unlike: a\ncontent-length: 2\r\n\r\nok', 'INVALID_RESPONSE'],
    ['content-length: 2\r\ntransfer-encoding: chunked\r\n\r\nok', 'INVALID_RESPONSE'],
    ...(client === 'undici'
      ? [['x-folded: a\r\n b\r\ncontent-length: 2\r\n\r\nok', 'REFUSED_BY_CLIENT'] as const]
      : []),
  ] as const)('an answer of %j fails as %s', async ([rest, code]) => {
    const { target } = await tcpServer('http', (socket) => {
      socket.on('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`))
    })
    const flow = requestFlow(target)
    await expect(flow.send(await flow.open())).rejects.toMatchObject({ code })
  })

  test('the query of the target stays, and percent signs in credentials are what they are', async () => {
    const server = await httpServer()
    const target = `${server.target.replace('//', '//user:100%@')}/api?key=abc`
    for (const path of ['/orders', '/orders?x=1']) {
      const flow = requestFlow(target, { path })
      await flow.send(await flow.open())
    }
    expect(server.seen.map(({ url }) => url)).toEqual(['/api/orders?key=abc', '/api/orders?key=abc&x=1'])
    expect(server.seen[0]!.headers.authorization).toBe(`Basic ${Buffer.from('user:100%').toString('base64')}`)
  })
})
