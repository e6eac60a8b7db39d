import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { LoopbackOptions } from '@cloudbench/core'
import { expect, onTestFinished, test } from 'vitest'
import { serveLoopback } from '../../src/loopback.ts'

/** Answers every line with `ok`, or with `no`. */
async function serve(options: LoopbackOptions = {}) {
  let stops = 0
  const loopback = await serveLoopback(options, (behaviour) => ({
    server: createServer((socket) => {
      socket.on('data', (data: Buffer) => {
        for (let left = data.toString().split('\n').length - 1; left > 0; left--)
          behaviour.admit((isFailure) => socket.write(isFailure ? 'no\n' : 'ok\n'))
      })
    }),
    target: (port) => `line://127.0.0.1:${port}`,
    stop: () => void stops++,
  }))
  onTestFinished(() => loopback.close())
  return { ...loopback, stops: () => stops }
}

async function client(target: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(target).port), host: '127.0.0.1' })
  socket.on('error', () => {})
  await once(socket, 'connect')
  // an end is only seen by a socket that is read
  return socket.resume()
}

/** `once` would fail on an error. */
function closeOf(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve))
}

async function ask(socket: Socket): Promise<string> {
  socket.write('line\n')
  const [data] = (await once(socket, 'data')) as [Buffer]
  return data.toString()
}

test('it behaves as requested', async () => {
  const { target } = await serve({ failureRate: 0.5 })
  const socket = await client(target)
  expect([await ask(socket), await ask(socket)]).toEqual(['ok\n', 'no\n'])
})

test('it counts what it takes and what it answers', async () => {
  const { target, counts } = await serve({ dieAfterRequests: 3, delayMs: 1 })
  const socket = await client(target)
  await ask(socket)
  expect(counts).toEqual({ requests: 1, answers: 1 })
  const closed = closeOf(socket)
  socket.write('two\nthree\nfour\n')
  await closed
  expect(counts).toEqual({ requests: 3, answers: 1 })
})

test('closing ends every connection, and may be repeated', async () => {
  const { target, close, stops } = await serve()
  const socket = await client(target)
  const closed = closeOf(socket)
  await Promise.all([close(), close()])
  await close()
  await closed
  expect(stops()).toBe(1)
  await expect(client(target)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test.each([{ dieAfterMs: 1 }, { delayMs: 60_000, dieAfterRequests: 2 }])(
  'it dies by time, or at the request after so many: %j',
  async (options) => {
    const { target, stops } = await serve(options)
    const socket = await client(target).catch(() => undefined)
    if (socket && !socket.destroyed) {
      const closed = closeOf(socket)
      socket.write('one\ntwo\nthree\n')
      await closed
    }
    await expect(client(target)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(stops()).toBe(1)
  },
)

test('up to that many requests are answered', async () => {
  const { target } = await serve({ dieAfterRequests: 2 })
  const socket = await client(target)
  expect([await ask(socket), await ask(socket)]).toEqual(['ok\n', 'ok\n'])
  const closed = closeOf(socket)
  socket.write('one more\n')
  await closed
})
