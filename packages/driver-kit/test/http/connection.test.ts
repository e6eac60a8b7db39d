import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp } from 'node:net'
import type { Connection, Outcome } from '@cloudbench/core'
import { pemOf } from '@cloudbench/fixtures/certificates'
import { listening } from '@cloudbench/fixtures/tcp-server'
import { expect, onTestFinished, test } from 'vitest'
import { openHttpConnection, type HttpPlan, type RequestWriter } from '../../src/http.ts'
import { contextOf } from '../support.ts'

interface Settings extends Partial<HttpPlan<RequestWriter>> {
  readonly tls?: { readonly ca: string }
}

/** Opens a connection that asks for `/`, and says status and body of every answer. */
async function opened(origin: string, { tls, ...settings }: Settings = {}) {
  const context = contextOf({ connectTimeoutMs: 5_000, tls })
  const path = { head: '/', parts: [] }
  const writer = { requests: [{ method: 'GET', path, headers: [], body: undefined }], next: () => 0 }
  const connection = await openHttpConnection(context, {
    origin,
    streams: 1,
    judge: {
      keepsBodyFrom: 300,
      outcomeOf: (status, body) => context.outcome(`${status} ${body.toString()}`),
    },
    createWriter: () => writer,
    connectError: (error) => error as Error,
    ...settings,
  })
  onTestFinished(() => connection.close())
  return { connection, context }
}

function send(connection: Connection): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.issue!({
      index: 0,
      random: () => 0,
      answered() {},
      done: (outcome: Outcome) => resolve(outcome.name),
      fail: reject,
      unsent: reject,
    })
  })
}

async function serve(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${(await listening(createServer(answer))).port}`
}

test('requests go over one connection, and bodies are kept from the status on that needs them', async () => {
  let requests = 0
  const origin = await serve((_request, response) => {
    response.statusCode = ++requests === 2 ? 404 : 200
    response.end('body')
  })
  const { connection, context } = await opened(origin)
  expect([await send(connection), await send(connection), await send(connection)]).toEqual([
    '200 ',
    '404 body',
    '200 ',
  ])
  expect(context.bytes.received).toBe(12)
  expect(context.counters).toEqual({})
})

test('a connection that the server closed after an answer is opened again, and counted', async () => {
  const origin = await serve((_request, response) => void response.setHeader('connection', 'close').end())
  const { connection, context } = await opened(origin)
  expect([await send(connection), await send(connection)]).toEqual(['200 ', '200 '])
  expect(context.counters).toEqual({ 'connections reopened': 1 })
})

test('without keepAlive each request has a connection of its own', async () => {
  let connections = 0
  const server = createServer((_request, response) => void response.end()).on(
    'connection',
    () => connections++,
  )
  const { connection } = await opened(`http://127.0.0.1:${(await listening(server)).port}`, {
    keepAlive: false,
  })
  await send(connection)
  await send(connection)
  expect(connections).toBe(2)
})

test('with TLS, certificates are verified', async () => {
  const server = createHttps({ cert: pemOf('server.pem'), key: pemOf('server.key') }, (_request, response) =>
    response.end(),
  )
  const origin = `https://localhost:${(await listening(server)).port}`
  const { connection } = await opened(origin, { tls: { ca: pemOf('authority.pem') } })
  expect(await send(connection)).toBe('200 ')
  await expect(opened(origin)).rejects.toMatchObject({ code: /^(SELF_SIGNED|UNABLE_TO)/ })
})

test.each([
  ['nothing', '', 'CONNECTION_CLOSED'],
  ['something else', 'SSH-2.0-OpenSSH\r\n', 'INVALID_RESPONSE'],
  ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', 'TRUNCATED_RESPONSE'],
])('a server that answers with %s and leaves fails the request under a name', async (_, text, code) => {
  const server = createTcp((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(text))
  })
  const { connection } = await opened(`http://127.0.0.1:${(await listening(server)).port}`)
  await expect(send(connection)).rejects.toMatchObject({ code })
})

test('a protocol may have names of its own for what its limits end', async () => {
  const origin = await serve((_request, response) => void response.end('too much'))
  const limitNames = { timeout: 'DEADLINE_EXCEEDED', size: 'RESOURCE_EXHAUSTED' }
  const { connection } = await opened(origin, { maxResponseBytes: 3, limitNames })
  await expect(send(connection)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
})

test('a target that cannot be reached is found out before any request', async () => {
  const server = createServer()
  const { port } = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  const connectError = (cause: unknown): Error => new Error('refused', { cause })
  await expect(opened(`http://127.0.0.1:${port}`, { connectError })).rejects.toMatchObject({
    message: 'refused',
    cause: { code: 'ECONNREFUSED' },
  })
})

test('a head that takes too long ends the request, under a name of the protocol, and a body may take its time', async () => {
  let asked = 0
  const origin = await serve((_request, response) => {
    if (++asked === 1) {
      response.write('slow ')
      setTimeout(() => response.end('body'), 2_000)
    }
  })
  const limitNames = { timeout: 'DEADLINE_EXCEEDED', size: 'RESOURCE_EXHAUSTED' }
  const { connection, context } = await opened(origin, { headTimeoutMs: 1_500, limitNames })
  expect(await send(connection)).toBe('200 ')
  expect(context.bytes.received).toBe(9)
  await expect(send(connection)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
})

/** Answers its first request twice. */
async function answeringTwice(): Promise<string> {
  let connections = 0
  const server = createTcp((socket) => {
    const isFirst = ++connections === 1
    socket.on('error', () => {})
    socket.on('data', () => {
      const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n'
      socket.write(isFirst ? `${answer}ok${answer}no` : `${answer}ok`)
    })
  })
  return `http://127.0.0.1:${(await listening(server)).port}`
}

const judge = {
  keepsBodyFrom: 0,
  outcomeOf: (_: number, body: Buffer) => ({ name: body.toString(), ok: true, operation: 'test' }),
}

test('a connection on which an answer comes that no request asked for is not used again', async () => {
  const { connection, context } = await opened(await answeringTwice(), { judge })
  expect([await send(connection), await send(connection)]).toEqual(['ok', 'ok'])
  expect(context.counters).toEqual({ 'connections reopened': 1 })
})

test('such an answer is not that to a request which is sent from within the read', async () => {
  const { connection } = await opened(await answeringTwice(), { judge })
  const second = new Promise((resolve, reject) => {
    const slot = { index: 0, random: () => 0, answered() {}, fail: reject, unsent: reject }
    connection.issue!({ ...slot, done: () => void send(connection).then(resolve, reject) })
  })
  await expect(second).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
})
