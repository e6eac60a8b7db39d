import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { expect, test } from 'vitest'
import { onClients } from '../fixtures/flow.ts'
import { httpServer } from '../servers/http.ts'

/** Answers only when it has received that many requests, all at once. */
function gateServer(requests: number) {
  return tcpServer('http', (socket) => {
    let received = ''
    socket.on('data', (data: Buffer) => {
      received += data.toString('latin1')
      if (received.split('HTTP/1.1\r\n').length - 1 < requests) return
      received = ''
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'.repeat(requests))
    })
  })
}

onClients((requestFlow) => {
  test('without pipelining, a connection takes one request at a time', async () => {
    const { target } = await httpServer()
    expect((await requestFlow(target).open()).streams).toBe(1)
  })

  test.for(['GET', 'POST'])('%s: as many requests as configured are in flight at once', async (method) => {
    const server = await gateServer(8)
    const flow = requestFlow(server.target, {
      method,
      pipelining: 8,
      ...(method === 'POST' && { body: { id: '${uuid}' } }),
    })
    const connection = await flow.open()
    expect(connection.streams).toBe(8)
    for (let round = 0; round < 3; round++) {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => flow.send(connection)))
      expect(outcomes.map(({ name }) => name)).toEqual(Array(8).fill('200'))
    }
    expect(server.accepted).toBe(1)
  })

  test('every answer goes to its own request', async () => {
    const server = await httpServer((request, response) => response.end(request.url))
    const flow = requestFlow(server.target, { path: '/${index}', pipelining: 5 })
    const connection = await flow.open()
    const finished: number[] = []
    await Promise.all(
      Array.from({ length: 5 }, async (_, index) => {
        await flow.send(connection, index)
        finished.push(index)
      }),
    )
    expect(finished).toEqual([0, 1, 2, 3, 4])
    expect(server.seen.map(({ url }) => url)).toEqual(['/0', '/1', '/2', '/3', '/4'])
  })

  test('requests sent from within an answer leave together', async () => {
    const reads: number[] = []
    const server = await tcpServer('http', (socket) => {
      socket.on('data', (data: Buffer) => {
        const count = data.toString('latin1').split('HTTP/1.1\r\n').length - 1
        reads.push(count)
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'.repeat(count))
      })
    })
    const flow = requestFlow(server.target, { pipelining: 10 })
    const connection = await flow.open()
    await Promise.all(Array.from({ length: 10 }, () => flow.send(connection)))
    reads.length = 0
    // answered together, these are sent together: in fewer reads than requests, however slow the machine
    let left = 100
    await new Promise<void>((resolve, reject) => {
      let open = 10
      const fire = (): void => {
        if (left-- <= 0) {
          if (--open === 0) resolve()
          return
        }
        connection.issue!({
          index: 0,
          random: () => 0,
          answered() {},
          done: fire,
          fail: reject,
          unsent: reject,
        })
      }
      for (let stream = 0; stream < 10; stream++) fire()
    })
    expect(reads.reduce((sum, count) => sum + count, 0)).toBe(100)
    expect(reads.length).toBeLessThan(60)
  })
})
