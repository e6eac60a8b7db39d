import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { createReader, reply } from '../../src/loopback/wire.ts'
import { lanes } from '../fixtures/lanes.ts'
import { scriptedServer } from '../servers/scripted.ts'

/** The letters of what a connection sends for three reads, without those that only open it. */
async function sentFor(options: Readonly<Record<string, unknown>>): Promise<string> {
  let sent = ''
  const url = await scriptedServer((socket) => {
    const answers: Buffer[] = []
    const read = createReader(({ letter, body }) => {
      if (letter.length === 1) sent += letter
      if (letter === 'P') answers.push(reply.parsed)
      else if (letter === 'B') answers.push(reply.bound)
      else if (letter === 'D') {
        if (body.toString('latin1', 0, 1) === 'S') answers.push(reply.parameters(1))
        answers.push(reply.columns(['payload']))
      } else if (letter === 'H') socket.write(Buffer.concat(answers.splice(0)))
      else if (letter === 'E' || letter === 'Q') answers.push(reply.complete('SELECT 0'))
      else if (letter === 'startup') answers.push(reply.greeting)
      if (/^(?:startup|Q|S)$/.test(letter))
        socket.write(Buffer.concat([...answers.splice(0), reply.ready(false)]))
    })
    socket.on('data', read)
  })
  const flow = openFlow(driver, url, { preload: false, rows: 10, pooler: 'none', ...options })
  const connection = await flow.open()
  expect(flow.countOf(await flow.sendAll(connection, 3))).toEqual({ 'select no row': 3 })
  return sent
}

test.each([
  // prepared when the connection opens
  ['wire', 'named', 'QBESBESBES'],
  ['wire', 'unnamed', 'QPBESPBESPBES'],
  // prepared with the first call, and described with each
  ['pg', 'named', 'QPBDESBDESBDES'],
  ['pg', 'unnamed', 'QPBDESPBDESPBDES'],
  // opened with an empty query; described before the first call, and with names never again
  ['postgres.js', 'named', 'QQPDHBESBESBES'],
  ['postgres.js', 'unnamed', 'QQPDHBESPDHBESPDHBES'],
])('client: %s with statements: %s sends %s', async (client, statements, letters) => {
  expect(await sentFor({ client, statements })).toBe(letters)
})

test.each(lanes)(
  'a pooler in transaction mode loses names, so there are none; client: %s',
  async (client) => {
    expect(await sentFor({ client, pooler: 'transaction' })).toBe(
      await sentFor({ client, statements: 'unnamed' }),
    )
  },
)
