import { connect } from 'node:net'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { createReader } from '../../src/loopback/wire.ts'
import { loopbackTarget } from '../servers/loopback.ts'
import { replies, scriptedServer } from '../servers/scripted.ts'

/** Forwards a server's answers one byte at a time. */
async function dribble(target: string): Promise<string> {
  const url = new URL(
    await scriptedServer((near) => {
      const far = connect(Number(new URL(target).port), '127.0.0.1')
      near.pipe(far)
      near.setNoDelay(true)
      far.on('data', (data) => {
        for (const byte of data) near.write(Buffer.of(byte))
      })
      far.on('error', () => {})
      near.on('close', () => far.destroy())
      far.on('close', () => near.destroy())
    }),
  )
  return `postgres://127.0.0.1:${url.port}`
}

test('answers that arrive in pieces are put together', async () => {
  const { open, prepare, sendAll, countOf } = openFlow(driver, await dribble(await loopbackTarget()), {
    rows: 20,
    pipelining: 5,
  })
  await prepare()
  expect(countOf(await sendAll(await open(), 100))).toEqual({ 'select row': 100 })
})

test('requests of one turn leave as one write', async () => {
  let reads = 0
  const url = await scriptedServer((socket) => {
    const read = createReader(({ letter }) => {
      if (letter === 'startup') socket.write(replies.greeting, 'latin1')
      else if (letter === 'Q') socket.write(replies.prepared, 'latin1')
      else if (letter === 'S') socket.write(replies.noRow, 'latin1')
    })
    socket.on('data', (data) => {
      reads++
      read(data)
    })
  })
  const options = { preload: false, rows: 10, pipelining: 50 }
  const { open, sendAll, countOf } = openFlow(driver, url, options)
  const connection = await open()
  reads = 0
  expect(countOf(await sendAll(connection, 50))).toEqual({ 'select no row': 50 })
  expect(reads).toBe(1)
})
