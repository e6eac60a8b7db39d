import { connect } from 'node:net'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { loopbackUrl } from '../servers/redis.ts'

/** Passes answers on one byte at a time. */
async function dribble(target: string): Promise<string> {
  const { target: url } = await tcpServer('redis', (near) => {
    const far = connect(Number(new URL(target).port), '127.0.0.1')
    near.pipe(far)
    near.setNoDelay(true)
    far.on('data', (data) => {
      for (const byte of data) near.write(Buffer.of(byte))
    })
    far.on('error', () => near.destroy())
    far.on('close', () => near.destroy())
    near.on('close', () => far.destroy())
  })
  return url
}

test('replies that arrive in pieces are put together', async () => {
  const { open, prepare, sendAll, countOf } = openFlow(driver, await dribble(await loopbackUrl()), {
    keys: 20,
    reads: '50%',
    pipelining: 5,
  })
  await prepare()
  expect(Object.keys(countOf(await sendAll(await open(), 100))).toSorted()).toEqual(['get hit', 'set ok'])
})

test('requests of one turn leave as one write', async () => {
  let reads = 0
  const { target: url } = await tcpServer('redis', (socket) => {
    socket.on('data', (data) => {
      reads++
      const commands = data.toString().split('*').length - 1
      socket.write(data.toString().includes('PING') ? '+PONG\r\n' : '$-1\r\n'.repeat(commands))
    })
  })
  const { open, sendAll } = openFlow(driver, url, { preload: false, reads: '100%', pipelining: 50 })
  const connection = await open()
  reads = 0
  await sendAll(connection, 50)
  expect(reads).toBe(1)
})
