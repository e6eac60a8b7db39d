import { spawn } from 'node:child_process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, startService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { redis } from '../../src/redis/definition.ts'
import { redisProgram, withoutRedis } from '../support/installed.ts'
import { listenersOf } from '../support/listeners.ts'
import { listen } from '../support/server.ts'
import { stateFolder } from '../support/state-folder.ts'
import { eventually, patienceMs } from '../support/wait.ts'

const find = async (port: number, timeoutMs?: number) =>
  await findService('redis', { stateDir: await stateFolder(), port, ...(timeoutMs && { timeoutMs }) })

test('nothing there', async () => {
  expect(await find(await freePort())).toBeUndefined()
})

test('an open port is not enough', async () => {
  const port = await listen(() => {})
  expect(await find(port)).toBeUndefined()
  expect(await redis.probe(port, 50)).toEqual({ usable: false, why: 'no answer to PING within 50 ms' })
})

test.each([
  ['HTTP/1.1 400 Bad Request\r\n\r\n', 'it is not speaking the Redis protocol'],
  ['x'.repeat(600), 'it is not speaking the Redis protocol'],
  [
    '-LOADING Redis is loading the dataset in memory\r\n',
    'it answers PING with LOADING Redis is loading the dataset in memory',
  ],
])('a server that answers %j is not usable', async (answer, why) => {
  const port = await listen((socket) => socket.once('data', () => socket.write(answer)))
  expect(await redis.probe(port, patienceMs)).toEqual({ usable: false, why })
})

test('a server that hangs up is not usable', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.end()))
  expect(await redis.probe(port, patienceMs)).toMatchObject({ usable: false })
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
  expect(await redis.probe(port, patienceMs)).toEqual({ usable: true, pid: 4242 })
})

describe.skipIf(withoutRedis)('redis', () => {
  test('a real one lets in who has the password, listens on loopback only, and says which process it is', async () => {
    const service = await startService('redis', {
      stateDir: await stateFolder(),
      how: 'local',
      attached: true,
    })
    onTestFinished(() => service.stop())
    const port = Number(new URL(service.url).port)
    const { password } = new URL(service.url)
    expect(await redis.probe(port, patienceMs, password)).toEqual({ usable: true, pid: service.pid })
    expect(await redis.probe(port, patienceMs, `${password}0`)).toMatchObject({
      usable: false,
      why: expect.stringMatching(/^it answers AUTH with WRONGPASS/) as string,
    })
    // those who do not know the password have no use for it
    expect(await find(port, patienceMs)).toBeUndefined()
    if (process.platform === 'linux') expect(await listenersOf(service.pid!)).toEqual(['loopback'])
  })

  test('one that wants a password does not count', async () => {
    const port = await freePort()
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--requirepass', 'secret']
    const server = spawn(redisProgram, args, { stdio: 'ignore' })
    onTestFinished(() => void server.kill('SIGKILL'))
    const why = 'it answers PING with NOAUTH Authentication required.'
    await eventually(async () => {
      const probe = await redis.probe(port, patienceMs)
      return !probe.usable && probe.why === why
    })
    expect(await find(port)).toBeUndefined()
  })
})
