import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBatch, insertStatementName } from '../../src/workloads/batch.ts'
import { createReader, fieldsOf, type ClientMessage } from '../../src/loopback/wire.ts'
import { createDocumentShape, createPayload, fillerOf } from '../../src/payload.ts'
import { createCalls, parseMessage, traced } from '../../src/wire/messages.ts'
import { countOf, flow, sendAll } from '../context.ts'
import { loopbackTarget, rudeServer } from '../servers/servers.ts'

/** What a server reads out of these bytes, when they come in pieces of that size. */
function messagesIn(bytes: Buffer, pieceBytes = bytes.length): ClientMessage[] {
  const messages: ClientMessage[] = []
  const read = createReader((message) => messages.push({ ...message, body: Buffer.from(message.body) }))
  read(Buffer.from('\0\0\0\u0008\0\u0003\0\0'))
  for (let at = 0; at < bytes.length; at += pieceBytes) read(bytes.subarray(at, at + pieceBytes))
  return messages.slice(1)
}

/** The binary parameters of a Bind. */
function parametersOf(body: Buffer): Buffer[] {
  const fields = fieldsOf(body)
  fields.text()
  fields.text()
  expect([fields.int16(), fields.int16()]).toEqual([1, 1])
  const parameters = Array.from({ length: fields.int16() }, () => fields.bytes(fields.int32()))
  expect(fields.int16()).toBe(0)
  return parameters
}

const integer = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

test('calls say what was put into them, however they are cut', () => {
  const shape = fc.array(fc.array(integer, { maxLength: 5 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 50 }), (values, pieceBytes) => {
      const calls = createCalls(
        values.map((parameters) => ({ statement: 'name', parameters: parameters.length })),
      )
      for (const [call, parameters] of values.entries())
        for (const [parameter, value] of parameters.entries()) calls.set(call, parameter, value)
      const messages = messagesIn(calls.bytes, pieceBytes)
      expect(messages.map(({ letter }) => letter).join('')).toBe(`${'BE'.repeat(values.length)}S`)
      const binds = messages.filter(({ letter }) => letter === 'B')
      expect(
        binds.map(({ body }) => parametersOf(body).map((bytes) => Number(bytes.readBigInt64BE()))),
      ).toEqual(values)
    }),
  )
})

test('a batch says what its rows are, whatever it held before', () => {
  const shape = createDocumentShape(100)
  const batch = createBatch(8, 42, shape)
  const slot = { index: 0, random: Math.random, traceparent: undefined, done() {}, fail() {} }
  fc.assert(
    fc.property(fc.array(integer, { minLength: 1, maxLength: 8 }), (sequences) => {
      for (const sequence of sequences) batch.add(slot, sequence)
      const messages = messagesIn(batch.seal(insertStatementName(sequences.length)))
      expect(messages.map(({ letter }) => letter)).toEqual(['B', 'E', 'S'])
      const [writer, ...rows] = parametersOf(messages[0]!.body)
      expect(writer!.readBigInt64BE()).toBe(42n)
      expect(rows).toHaveLength(2 * sequences.length)
      for (const [row, sequence] of sequences.entries()) {
        expect(rows[2 * row]!.readBigInt64BE()).toBe(BigInt(sequence))
        const document = rows[2 * row + 1]!
        // the version of jsonb, then JSON
        expect([document[0], document.length]).toEqual([1, 101])
        expect(JSON.parse(document.toString('utf8', 1))).toEqual({
          sequence: String(sequence).padStart(16, '0'),
          text: shape.text,
        })
      }
      batch.clear()
    }),
  )
})

test('a payload is known by its row, and by nothing else', () => {
  const payload = createPayload(40)
  const id = fc.integer({ min: 1, max: 9_999_999_999 })
  fc.assert(
    fc.property(id, id, (one, other) => {
      expect(payload.of(one)).toHaveLength(40)
      expect(payload.isOf(one, payload.of(other))).toBe(one === other)
      expect(payload.isOf(one, payload.of(one).slice(1))).toBe(false)
    }),
  )
})

test.each([0, 1, 1_000, 65_536, 200_000])('a text to fill up with, %i characters long', (length) => {
  expect(fillerOf(length)).toMatch(new RegExp(`^[\\w-]{${Math.min(length, 65_000)}}`))
  expect(fillerOf(length)).toHaveLength(length)
})

test('a trace context cannot end its comment', () => {
  fc.assert(
    fc.property(fc.string(), (traceparent) => {
      expect(traced('SELECT 1', traceparent)).toMatch(/^SELECT 1 \/\*traceparent='[0-9a-f-]*'\*\/$/)
    }),
  )
})

test('text in a message may be of any alphabet', () => {
  const [message] = messagesIn(parseMessage('n', `SELECT 'größe, 大きさ'`, [20, 3802]))
  const fields = fieldsOf(message!.body)
  expect([fields.text(), fields.text(), fields.int16(), fields.int32(), fields.int32()]).toEqual([
    'n',
    `SELECT 'größe, 大きさ'`,
    2,
    20,
    3802,
  ])
})

/** Passes bytes on one at a time. */
async function dribble(target: string): Promise<string> {
  const url = new URL(
    await rudeServer((near) => {
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

test('answers that come in pieces are put together', async () => {
  const { open, prepare } = flow('read', await dribble(await loopbackTarget()), { rows: 20, pipelining: 5 })
  await prepare()
  expect(countOf(await sendAll(await open(), 100))).toEqual({ 'select row': 100 })
})

test('requests of one turn leave as one write', async () => {
  let reads = 0
  const url = await rudeServer((socket) => {
    const read = createReader(({ letter }) => {
      if (letter === 'startup') socket.write('R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I', 'latin1')
      else if (letter === 'Q') socket.write('C\0\0\0\u000cPREPARE\0Z\0\0\0\u0005I', 'latin1')
      else if (letter === 'S') socket.write('2\0\0\0\u0004C\0\0\0\u000dSELECT 0\0Z\0\0\0\u0005I', 'latin1')
    })
    socket.on('data', (data) => {
      reads++
      read(data)
    })
  })
  const connection = await flow('read', url, { preload: false, rows: 10, pipelining: 50 }).open()
  reads = 0
  expect(countOf(await sendAll(connection, 50))).toEqual({ 'select no row': 50 })
  expect(reads).toBe(1)
})
