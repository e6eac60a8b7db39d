import { spawn } from 'node:child_process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, startService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { redis } from '../../src/redis/definition.ts'
import { eventually, listen, redisProgram, stateFolder, withoutRedis } from '../helpers.ts'

const find = async (port: number) => await findService('redis', { stateDir: await stateFolder(), port })

test('nothing there', async () => {
  expect(await find(await freePort())).toBeUndefined()
})

test('an open port is not enough', async () => {
  const port = await listen(() => {})
  expect(await find(port)).toBeUndefined()
  expect(await redis.probe(port, 50)).toEqual({ usable: false, why: 'no answer to PING within 50 ms' })
})

test.each([
  ['HTTP/1.1 400 Bad Request\r\n\r\n', 'it does not speak the Redis protocol'],
  ['x'.repeat(600), 'it does not speak the Redis protocol'],
  [
    '-LOADING Redis is loading the dataset in memory\r\n',
    'it answers PING with LOADING Redis is loading the dataset in memory',
  ],
])('a server that answers %j is not usable', async (answer, why) => {
  const port = await listen((socket) => socket.once('data', () => socket.write(answer)))
  expect(await redis.probe(port, 5_000)).toEqual({ usable: false, why })
})

test('a server that hangs up is not usable', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.end()))
  expect(await redis.probe(port, 5_000)).toMatchObject({ usable: false })
})

test('an answer in pieces is put together', async () => {
  const info = '# Server\r\nprocess_id:4242\r\n'
  const pieces = ['+PO', 'NG\r\n$', `${info.length}\r\n${info.slice(0, 20)}`, info.slice(20)]
  const port = await listen((socket) => {
    socket.setNoDelay(true)
    const next = () => {
      const piece = pieces.shift()
      if (piece !== undefined) socket.write(piece, () => setTimeout(next, 5))
    }
    socket.once('data', next)
  })
  expect(await redis.probe(port, 5_000)).toEqual({ usable: true, pid: 4242 })
})

describe.skipIf(withoutRedis)('redis', () => {
  test('a real one is found, and says which process it is', async () => {
    const service = await startService('redis', {
      stateDir: await stateFolder(),
      how: 'local',
      attached: true,
    })
    onTestFinished(() => service.stop())
    const port = Number(new URL(service.url).port)
    expect(await find(port)).toBe(service.url)
    expect(await redis.probe(port, 5_000)).toEqual({ usable: true, pid: service.pid })
  })

  test('one that wants a password does not count', async () => {
    const port = await freePort()
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--requirepass', 'secret']
    const server = spawn(redisProgram, args, { stdio: 'ignore' })
    onTestFinished(() => void server.kill('SIGKILL'))
    const why = 'it answers PING with NOAUTH Authentication required.'
    await eventually(async () => {
      const probe = await redis.probe(port, 5_000)
      return !probe.usable && probe.why === why
    })
    expect(await find(port)).toBeUndefined()
  })
})
