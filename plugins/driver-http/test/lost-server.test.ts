import type { Socket } from 'node:net'
import type { Slot } from '@cloudbench/core'
import { tcpServer, type TcpServer } from '@cloudbench/fixtures/tcp-server'
import { callOf } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import { onClients } from './fixtures/flow.ts'
import { httpServer, until } from './servers/http.ts'

/** A server that does something to the connection when a request arrives. */
function rudeServer(onRequest: (socket: Socket) => unknown): Promise<TcpServer> {
  return tcpServer('http', (socket) => {
    socket.on('data', () => onRequest(socket))
  })
}

onClients((requestFlow) => {
  const rudeness: readonly (readonly [string, string, (socket: Socket) => unknown])[] = [
    ['closes the connection', 'CONNECTION_CLOSED', (socket: Socket) => socket.end()],
    ['resets the connection', 'ECONNRESET', (socket: Socket) => socket.resetAndDestroy()],
    [
      'answers garbage',
      'INVALID_RESPONSE',
      (socket: Socket) => socket.write('220 smtp.example ESMTP\r\n\r\n'),
    ],
    [
      'sends endless headers',
      'REFUSED_BY_CLIENT',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n`),
    ],
    [
      'closes in the middle of a body',
      'TRUNCATED_RESPONSE',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
    ],
    [
      'closes in the middle of its last body',
      'TRUNCATED_RESPONSE',
      (socket: Socket) =>
        void socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\nhalf'),
    ],
  ]

  test.for(rudeness)('a server that %s fails the request: %s', async ([, code, onRequest]) => {
    const { target } = await rudeServer(onRequest)
    const flow = requestFlow(target)
    const connection = await flow.open()
    await expect(flow.send(connection)).rejects.toMatchObject({ code })
  })

  test('a server that speaks first fails the request after a few connections', async () => {
    const server = await tcpServer('http', (socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'))
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    await expect(flow.send(connection)).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
    expect(server.accepted).toBeLessThan(10)
  })

  test('a server that closes every connection at once fails the request after a few connections', async () => {
    const server = await tcpServer('http', (socket) => socket.end())
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    await expect(flow.send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    expect(server.accepted).toBeLessThan(10)
  })

  test('a server that stops between two requests fails the second', async () => {
    const server = await httpServer((_request, response) => response.setHeader('connection', 'close').end())
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    await flow.send(connection)
    server.stop()
    await expect(flow.send(connection)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('all requests on a dying connection fail, and none is sent again', async () => {
    let received = ''
    const server = await tcpServer('http', (socket) => {
      socket.on('data', (data: Buffer) => {
        received += data.toString('latin1')
        if (received.includes('/3 ')) socket.destroy()
      })
    })
    const flow = requestFlow(server.target, { path: '/${index}', pipelining: 4 })
    const connection = await flow.open()
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, (_, index) => flow.send(connection, index)),
    )
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('rejected'))
    expect(received.split('HTTP/1.1\r\n').length - 1).toBe(4)
    expect(server.accepted).toBe(1)
  })

  test('after a failure, and after close, requests fail at once', async () => {
    const { target } = await rudeServer((socket) => socket.destroy())
    const flow = requestFlow(target)
    const connection = await flow.open()
    await expect(flow.send(connection)).rejects.toMatchObject({ code: expect.any(String) as string })
    await expect(flow.send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await connection.close()
    await expect(flow.send(connection)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })

  test('the connection can be closed from within a failed request', async () => {
    const server = await rudeServer((socket) => socket.destroy())
    const flow = requestFlow(server.target, { pipelining: 3 })
    const connection = await flow.open()
    let failed = 0
    await new Promise<void>((resolve, reject) => {
      const fail: Slot['fail'] = () => {
        failed++
        // as the host does: at once, while undici is still working
        if (failed === 1) void Promise.resolve(connection.close()).then(resolve, reject)
      }
      for (let index = 0; index < 3; index++)
        connection.issue!({
          ...callOf(index),
          answered() {},
          done: () => reject(new Error('done')),
          fail,
          unsent: fail,
        })
    })
    expect(failed).toBe(3)
    expect(server.accepted).toBe(1)
  })

  test('close ends requests in flight', async () => {
    const server = await tcpServer('http', (socket) => socket.resume())
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    const [answer] = await Promise.allSettled([flow.send(connection), connection.close()])
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_CLOSED' } })
    await until(() => server.sockets.size === 0)
  })

  test('a request for which no connection can be opened any more has not left, and says so', async () => {
    let isFirst = true
    const server = await tcpServer('http', (socket) => {
      socket.once('data', () => {
        if (isFirst) socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n')
        isFirst = false
      })
    })
    const flow = requestFlow(server.target)
    const connection = await flow.open()
    await flow.send(connection)
    server.stop()
    const error = await new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error('it counts as sent'))
      connection.issue!({ ...callOf(), answered() {}, done: fail, fail, unsent: resolve })
    })
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test.for(['GET', 'POST'])(
    '%s: what is in flight behind an answer that closes the connection leaves again, if it may',
    async (method) => {
      const answer = (close = ''): string => `HTTP/1.1 200 OK\r\n${close}content-length: 0\r\n\r\n`
      const server = await tcpServer('http', (socket) => {
        const isFirst = server.accepted === 1
        let asked = ''
        socket.on('data', (data: Buffer) => {
          const before = asked.split('\r\n\r\n').length
          asked += data.toString('latin1')
          const { length } = asked.split('\r\n\r\n')
          if (!isFirst || length === 2) socket.write(answer().repeat(length - before))
          else if (length === 5) socket.end(answer('connection: close\r\n'))
        })
      })
      const flow = requestFlow(server.target, { method, pipelining: 3 })
      const connection = await flow.open()
      await flow.send(connection)
      const results = await Promise.allSettled(Array.from({ length: 3 }, () => flow.send(connection)))
      const isSafe = method === 'GET'
      expect(results.map(({ status }) => status)).toEqual(
        isSafe ? Array(3).fill('fulfilled') : ['fulfilled', 'rejected', 'rejected'],
      )
      expect(flow.counters['resent']).toBe(isSafe ? 2 : undefined)
      expect(server.accepted).toBe(isSafe ? 2 : 1)
    },
  )
})
