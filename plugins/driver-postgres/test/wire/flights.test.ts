import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Receiver } from '../../src/lanes/lane.ts'
import { createFlights } from '../../src/wire/flights.ts'
import { createReader } from '../../src/wire/reader.ts'
import { asides, complete, error, message, readInPieces, ready, row } from './server-messages.ts'

const limitBytes = 1_000_000

/** What happened, in order. */
type Events = string[]

function receiverOf(number: number, events: Events): Receiver {
  return {
    row: (text) => events.push(`${number} row as text ${text}`),
    rowBytes: (bytes, at, length) =>
      events.push(`${number} row ${length < 0 ? null : bytes.toString('utf8', at, at + length)}`),
    complete: (rows) => events.push(`${number} complete ${rows}`),
    refused: ({ code, message: text }) => events.push(`${number} refused ${code} ${text}`),
    ready: () => events.push(`${number} ready`),
    lost: ({ message: text }) => events.push(`${number} lost ${text}`),
  }
}

/** Reads the answers to flights with these numbers of statements, up to an error, which is the last event. */
function eventsOf(flights: readonly number[], bytes: Buffer, pieces: readonly number[]): Events {
  const events: Events = []
  const inFlight = createFlights()
  for (const [number, statements] of flights.entries())
    inFlight.push({ receiver: receiverOf(number, events), statements })
  try {
    readInPieces(createReader(inFlight.receive, limitBytes), bytes, pieces)
  } catch (thrown) {
    const { code, message: text } = thrown as Error & { code: string }
    events.push(`thrown ${code} ${text}`)
  }
  return events
}

/** What pg's parser reads. */
interface Parsed {
  readonly name: string
  readonly fields: readonly (string | null)[]
  readonly text: string
  readonly code?: string
  readonly message: string
}
const { parse } = createRequire(import.meta.url)('pg-protocol') as {
  parse(stream: EventEmitter, receive: (message: Parsed) => void): unknown
}

/** The same events by the messages that pg's parser reads, up to where it throws or an error ends the connection. */
function oracle(bytes: Buffer): Events {
  const events: Events = []
  let number = 0
  let refusal: string | undefined
  const stream = new EventEmitter()
  parse(stream, ({ name, fields, text, code, message: said }) => {
    if (name === 'dataRow') events.push(`${number} row ${fields[0]}`)
    if (name === 'commandComplete') events.push(`${number} complete ${Number(/\d+$/.exec(text)?.[0] ?? -1)}`)
    if (name === 'error') refusal ??= `refused ${code} ${said}`
    if (name === 'readyForQuery') {
      events.push(`${number++} ${refusal ?? 'ready'}`)
      refusal = undefined
    }
  })
  try {
    // its parser looks for the end of an error beyond the end of what there is, forever if there is none
    stream.emit('data', Buffer.concat([bytes, Buffer.alloc(2)]))
  } catch {}
  return events
}

const aside = fc.constantFrom(...asides, Buffer.alloc(0), Buffer.alloc(0))
const value = fc.option(fc.string({ maxLength: 200 }).map((text) => text.replaceAll('\0', '')))
const tag = fc.constantFrom('SELECT 1', 'UPDATE 0', 'INSERT 0 100', 'BEGIN', 'SELECT 123456789012')
const statement = fc
  .tuple(aside, fc.array(value, { maxLength: 2 }), tag)
  .map(([said, rows, named]) =>
    Buffer.concat([message('2'), said, ...rows.map((text) => row(text)), complete(named)]),
  )
const flight = fc
  .tuple(fc.array(statement, { minLength: 1, maxLength: 4 }), fc.boolean(), aside)
  .map(([statements, isRefused, said]) => ({
    statements: statements.length + (isRefused ? 1 : 0),
    bytes: Buffer.concat([...statements, ...(isRefused ? [error('40001', 'no')] : []), said, ready]),
  }))
const flights = fc.array(flight, { minLength: 1, maxLength: 8 })
const pieces = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 })

describe('answers', () => {
  test('are what pg reads, whichever way they are cut', () => {
    fc.assert(
      fc.property(flights, pieces, (all, sizes) => {
        const bytes = Buffer.concat(all.map((one) => one.bytes))
        const events = eventsOf(
          all.map(({ statements }) => statements),
          bytes,
          sizes,
        )
        expect(events).toEqual(oracle(bytes))
        expect(events.filter((event) => /ready|refused/.test(event))).toHaveLength(all.length)
      }),
    )
  })

  test('that were damaged are read as pg reads them, or refused, and never misread', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(flights, damage, pieces, (all, changes, sizes) => {
        const bytes = Buffer.concat(all.map((one) => one.bytes))
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        const statements = all.map((one) => one.statements)
        const events = eventsOf(statements, bytes, sizes)
        expect(events).toEqual(eventsOf(statements, bytes, [bytes.length]))
        const read = events.filter((event) => !event.startsWith('thrown'))
        expect(read).toEqual(oracle(bytes).slice(0, read.length))
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['a row of two columns', [message('2'), row('a', 'b')], /a row that has not one column/],
    ['a row without its end', [message('2'), message('D', '\0\u0001\0\0\0\u0009abc')], /cut off/],
    ['a row with more than its column', [message('2'), message('D', '\0\u0001\0\0\0\u0001abc')], /cut off/],
    ['a ready server that has not executed', [message('2'), ready], /after 0 of 1 statements/],
    ['a tag without its end', [message('2'), message('C', 'SELECT 1')], /without an end/],
    ['an error without its end', [message('E', 'SERROR\0C40001')], /without an end/],
    ['an error without a code', [message('E', 'SERROR\0Mno\0\0')], /without severity, SQLSTATE or message/],
    ['an answer to nothing', [complete('BEGIN'), ready, complete('BEGIN')], /unexpected, a message C/],
    ['a row after an error', [error('40001', 'no'), row('a')], /unexpected, a message D/],
    ['COPY in', [message('G', '\0\0\0')], /unexpected, a message G/],
    ['COPY out', [message('H', '\0\0\0')], /unexpected, a message H/],
    ['a question for a password', [message('R', '\0\0\0\u0003')], /unexpected, a message R/],
    ['a letter that no server sends', [message('\u0001')], /unexpected, a message 0x1/],
  ])('are refused: %s', (_, messages, what) => {
    expect(eventsOf([1], Buffer.concat(messages), [1_000]).at(-1)).toMatch(
      new RegExp(`^thrown INVALID_RESPONSE .*${what.source}`),
    )
  })

  test.each([
    ['FATAL', '57P01', [message('2'), error('57P01', 'terminating', 'FATAL')], [1]],
    ['FATAL, when nothing was asked', '57P05', [error('57P05', 'idle', 'FATAL')], []],
    ['PANIC', 'XX000', [error('XX000', 'oh', 'PANIC')], [1]],
    ['any, when nothing was asked', '22000', [error('22000', 'what')], []],
  ])('end with an error that ends the connection: %s', (_, code, messages, inFlight) => {
    expect(eventsOf(inFlight, Buffer.concat(messages), [3])).toEqual([
      expect.stringMatching(`^thrown ${code} `) as string,
    ])
  })

  test('never come for what is in flight when the connection is lost', () => {
    const events: Events = []
    const inFlight = createFlights()
    for (const number of [0, 1, 2]) inFlight.push({ receiver: receiverOf(number, events), statements: 1 })
    const answer = Buffer.concat([complete('BEGIN'), ready])
    createReader(inFlight.receive, limitBytes)(answer, answer.length)
    inFlight.lose(new Error('gone'))
    inFlight.lose(new Error('again'))
    expect(events).toEqual(['0 complete -1', '0 ready', '1 lost gone', '2 lost gone'])
  })
})
