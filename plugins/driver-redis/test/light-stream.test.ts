import { createServer, type AddressInfo } from 'node:net'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'

/** Passes bytes on one at a time. */
async function dribble(target: string): Promise<string> {
  const { connect } = await import('node:net')
  const server = createServer((near) => {
    const far = connect(Number(new URL(target).port), '127.0.0.1')
    near.pipe(far)
    near.setNoDelay(true)
    far.on('data', (data) => {
      for (const byte of data) near.write(Buffer.of(byte))
    })
    for (const socket of [near, far]) socket.on('error', () => {})
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('replies that come in pieces are put together', async () => {
  const { target } = await driver.loopback!({})
  const { open, prepare, sendAll, countOf } = openFlow(driver, await dribble(target), {
    keys: 20,
    reads: 0.5,
    pipelining: 5,
  })
  await prepare()
  expect(Object.keys(countOf(await sendAll(await open(), 100))).toSorted()).toEqual(['get hit', 'set ok'])
})

test('requests of one turn leave as one write', async () => {
  let reads = 0
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      reads++
      const commands = data.toString().split('*').length - 1
      socket.write(data.toString().includes('PING') ? '+PONG\r\n' : '$-1\r\n'.repeat(commands))
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { open, sendAll } = openFlow(driver, url, { preload: false, reads: 1, pipelining: 50 })
  const connection = await open()
  reads = 0
  await sendAll(connection, 50)
  expect(reads).toBe(1)
})
