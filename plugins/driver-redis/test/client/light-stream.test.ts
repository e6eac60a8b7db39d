import { connect } from 'node:net'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { countOf, flow, sendAll } from '../context.ts'
import { scriptedServer } from '../servers/scripted.ts'

/** Passes answers on one byte at a time. */
async function dribble(target: string): Promise<string> {
  return await scriptedServer((near) => {
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
}

test('replies that arrive in pieces are put together', async () => {
  const { target } = await driver.loopback!({})
  const { open, prepare } = flow(await dribble(target), { keys: 20, reads: 0.5, pipelining: 5 })
  await prepare()
  expect(Object.keys(countOf(await sendAll(await open(), 100))).toSorted()).toEqual(['get hit', 'set ok'])
})

test('requests of one turn leave as one write', async () => {
  let reads = 0
  const url = await scriptedServer((socket) => {
    socket.on('data', (data) => {
      reads++
      const commands = data.toString().split('*').length - 1
      socket.write(data.toString().includes('PING') ? '+PONG\r\n' : '$-1\r\n'.repeat(commands))
    })
  })
  const connection = await flow(url, { preload: false, reads: 1, pipelining: 50 }).open()
  reads = 0
  await sendAll(connection, 50)
  expect(reads).toBe(1)
})
