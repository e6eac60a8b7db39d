import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { describe, expect, test } from 'vitest'
import { onClients } from '../fixtures/flow.ts'

const interim: Readonly<Record<number, string>> = {
  100: 'HTTP/1.1 100 Continue\r\n\r\n',
  102: 'HTTP/1.1 102 Processing\r\n\r\n',
  103: 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\ncontent-encoding: gzip\r\n\r\n',
  199: 'HTTP/1.1 199 Whatever\r\n\r\n',
}

/** Answers each request with these statuses, and then with 200. */
async function answering(statuses: readonly number[], how: 'at once' | 'byte by byte', keepAlive: boolean) {
  const last = `HTTP/1.1 200 OK\r\ncontent-length: 4\r\n${keepAlive ? '' : 'connection: close\r\n'}\r\ndone`
  const answer = Buffer.from(statuses.map((status) => interim[status]).join('') + last)
  return await tcpServer('http', (socket) => {
    socket.setNoDelay(true)
    let asked = ''
    socket.on('data', (chunk: Buffer) => {
      asked += chunk.toString('latin1')
      if (!asked.endsWith('\r\n\r\n')) return
      asked = ''
      if (how === 'at once') socket.write(answer)
      else void dribble(answer, (byte) => socket.write(byte))
    })
  })
}

async function dribble(bytes: Buffer, write: (byte: Buffer) => void): Promise<void> {
  for (const byte of bytes) {
    write(Buffer.from([byte]))
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

const options = { expect: { body: { equals: 'done' } } }

/** What undici does not take. */
const withContinue = [
  [[100], 'at once'],
  [[100, 100], 'at once'],
  [[103, 100], 'at once'],
  [[100], 'byte by byte'],
] as const

onClients((requestFlow, client) => {
  describe.for([true, false])('keepAlive %s', (keepAlive) => {
    test.for([
      [[102], 'at once'],
      [[103], 'at once'],
      [[199], 'at once'],
      [[103, 103, 102, 103], 'at once'],
      [[103], 'byte by byte'],
      [[102, 103], 'byte by byte'],
      ...(client === 'wire' ? withContinue : []),
    ] as const)('%j before the answer are read, and none is counted: %s', async ([statuses, how]) => {
      const server = await answering(statuses, how, keepAlive)
      const flow = requestFlow(server.target, { ...options, keepAlive })
      const connection = await flow.open()
      expect(flow.countOf(await flow.sendAll(connection, 3))).toEqual({ '200': 3 })
      expect(server.accepted).toBe(keepAlive ? 1 : 3)
      expect(flow.outcomes).not.toContain(String(statuses[0]))
    })

    test.runIf(client === 'undici').for(withContinue)(
      'with %j undici ends the connection, and is named: %s',
      async ([statuses, how]) => {
        const server = await answering(statuses, how, keepAlive)
        const flow = requestFlow(server.target, { ...options, keepAlive })
        await expect(flow.send(await flow.open())).rejects.toMatchObject({
          code: 'REFUSED_BY_CLIENT',
          message: 'an interim answer 100 came, which undici does not take',
        })
        // nothing is sent twice for it
        expect(flow.counters).toEqual({})
        expect(server.accepted).toBe(1)
      },
    )
  })

  test('with several requests in flight each gets its own answer', async () => {
    const server = await tcpServer('http', (socket) => {
      let asked = ''
      socket.on('data', (chunk: Buffer) => {
        asked += chunk.toString('latin1')
        const paths = [...asked.matchAll(/^GET \/(\d+) /gm)].map(([, path]) => path!)
        if (paths.length < 3) return
        asked = ''
        for (const path of paths)
          socket.write(
            `${interim[103]}${interim[102]}HTTP/1.1 ${200 + Number(path)} OK\r\ncontent-length: 0\r\n\r\n`,
          )
      })
    })
    const flow = requestFlow(server.target, { path: '/${index}', pipelining: 3 })
    const connection = await flow.open()
    const outcomes = await Promise.all([0, 1, 2].map((index) => flow.send(connection, index)))
    expect(outcomes.map(({ name }) => name)).toEqual(['200', '201', '202'])
  })

  test('an upgrade that was not asked for is not an interim answer', async () => {
    const server = await tcpServer('http', (socket) => {
      socket.on('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      )
    })
    const flow = requestFlow(server.target)
    await expect(flow.send(await flow.open())).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
  })
})
