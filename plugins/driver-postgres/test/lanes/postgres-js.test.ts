import { countingProxy } from '@cloudbench/fixtures/counting-proxy'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { reply } from '../../src/loopback/wire.ts'
import { loopbackTarget } from '../servers/loopback.ts'
import { openingServer } from '../servers/scripted.ts'

const client = 'postgres.js'
const failureOf = (request: Promise<unknown>): Promise<unknown> => request.catch((error: unknown) => error)

test('requests on a connection that is lost do not open another one', async () => {
  const { port } = new URL(await loopbackTarget({ dieAfterRequests: 5 }))
  const proxy = await countingProxy('postgres', Number(port))
  const options = { client, rows: 10, preload: false, pipelining: 8 }
  const { open, send, sockets, lost } = openFlow(driver, `postgres://127.0.0.1:${proxy.port}/d`, options)
  const connection = await open()
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => failureOf(send(connection, index))),
  )
  expect(answers.some((answer) => answer instanceof Error)).toBe(true)
  await lost(connection)
  for (let index = 0; index < 3; index++)
    expect(await failureOf(send(connection, index))).toMatchObject({ code: expect.any(String) as string })
  await connection.close()
  expect(sockets).toEqual({ opened: 1, open: 0 })
  expect(proxy.accepted).toBe(1)
})

test('requests that wait for the first statement to be described fail with it', async () => {
  const url = await openingServer((socket) => void socket.destroy())
  const { open, send } = openFlow(driver, url, { client, rows: 10, pipelining: 8 })
  const connection = await open()
  for (const failure of await Promise.all(
    Array.from({ length: 8 }, (_, index) => failureOf(send(connection, index))),
  ))
    expect(failure).toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) as string })
})

test('an answer that it cannot read ends the connection', async () => {
  const described = Buffer.concat([reply.parsed, reply.parameters(1), reply.columns(['payload'])])
  // a row that has fewer columns than were described
  const answered = Buffer.concat([
    reply.bound,
    Buffer.from('D\0\0\0\u0006\0\0', 'latin1'),
    reply.complete('SELECT 1'),
    reply.ready(false),
  ])
  let reads = 0
  const url = await openingServer((socket) => void socket.write(reads++ === 0 ? described : answered))
  const { open, send, lost } = openFlow(driver, url, { client, rows: 10 })
  const connection = await open()
  expect(await failureOf(send(connection))).toMatchObject({ code: 'INVALID_RESPONSE' })
  expect(await lost(connection)).toMatchObject({ code: 'INVALID_RESPONSE' })
})

test('as many statements are in flight as pipelining says', async () => {
  const options = { client, rows: 10, preload: false, pipelining: 300 }
  const described = Buffer.concat([reply.parsed, reply.parameters(1), reply.columns(['payload'])])
  const row = Buffer.concat([reply.bound, reply.complete('SELECT 0'), reply.ready(false)])
  let sent = ''
  const url = await openingServer((socket, data) => {
    if (sent === '') socket.write(described)
    sent += data.toString('latin1')
    const statements = sent.split('S\0\0\0\u0004').length - 1
    if (statements === 1) socket.write(row)
    // all that waited for the first one; none of them is answered before the last one is here
    if (statements === 300) socket.write(Buffer.concat(Array.from({ length: 299 }, () => row)))
  })
  const { open, send, countOf } = openFlow(driver, url, options)
  const connection = await open()
  const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => send(connection, index)))
  expect(countOf(answers)).toEqual({ 'select no row': 300 })
})
