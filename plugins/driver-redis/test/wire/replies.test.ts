import * as fc from 'fast-check'
import RedisParser from 'redis-parser'
import { describe, expect, test } from 'vitest'
import { Replies, replyKinds } from '../../src/wire/replies.ts'

/** Values of this size can be looked at. */
const valueBytes = 12

type Reply = readonly [kind: string, content: string | number | null]

const names = new Map<number, string>(Object.entries(replyKinds).map(([name, kind]) => [kind, name]))

/** Hands over the chunks in one buffer, as a socket does, and collects what is read. */
function read(chunks: readonly Buffer[], replies = new Replies(valueBytes)): Reply[] {
  const shared = Buffer.alloc(Math.max(1, ...chunks.map(({ length }) => length)))
  const found: Reply[] = []
  for (const chunk of chunks) {
    shared.fill('?').set(chunk)
    replies.take(shared, chunk.length)
    for (let kind = replies.next(); kind !== replyKinds.none; kind = replies.next())
      found.push([names.get(kind)!, contentOf(kind, replies)])
  }
  return found
}

function contentOf(kind: number, { bytes, at, length }: Replies): string | number | null {
  if (kind === replyKinds.nothing) return null
  if (kind === replyKinds.value && length !== valueBytes) return length
  return bytes.toString('latin1', at, at + length)
}

/** The same, as the parser reads it that older clients use. */
function readByOracle(data: Buffer): Reply[] | undefined {
  const found: Reply[] = []
  let hasFailed = false
  const parser = new RedisParser({
    returnBuffers: true,
    returnReply(reply) {
      if (reply === null) found.push(['nothing', null])
      else if (typeof reply === 'number') found.push(['integer', reply])
      else found.push(['text', (reply as Buffer).toString('latin1')])
    },
    returnError: ({ message }) => void found.push(['error', message]),
    returnFatalError: () => (hasFailed = true),
  })
  parser.execute(data)
  return hasFailed ? undefined : found
}

/** What both readers agree on: the oracle does not tell a status from a value. */
function comparable(replies: readonly Reply[]): unknown[] {
  return replies.map(([kind, content]) => {
    if (kind === 'integer') return ['integer', Number(content)]
    if (kind !== 'status' && kind !== 'value' && kind !== 'text') return [kind, content]
    return typeof content === 'string' && content.length !== valueBytes ? content.length : content
  })
}

const line = fc
  .string({ unit: 'grapheme-ascii', maxLength: 30 })
  .map((text) => text.replaceAll(/[\r\n]/g, '.'))
const value = fc.oneof(
  fc.uint8Array({ minLength: valueBytes, maxLength: valueBytes }),
  fc.uint8Array({ maxLength: 60 }),
)
/** Replies as bytes, with what is to be read. */
const reply: fc.Arbitrary<readonly [Buffer, Reply]> = fc.oneof(
  line.map((text) => [Buffer.from(`+${text}\r\n`), ['status', text]] as const),
  line.map((text) => [Buffer.from(`-ERR ${text}\r\n`), ['error', `ERR ${text}`]] as const),
  fc.integer().map((number) => [Buffer.from(`:${number}\r\n`), ['integer', String(number)]] as const),
  fc.constant([Buffer.from('$-1\r\n'), ['nothing', null]] as const),
  value.map((bytes) => {
    const { length } = bytes
    const data = Buffer.concat([Buffer.from(`$${length}\r\n`), bytes, Buffer.from('\r\n')])
    const content = length === valueBytes ? Buffer.from(bytes).toString('latin1') : length
    return [data, ['value', content]] as const
  }),
)
const cuts = fc.array(fc.nat(), { maxLength: 20 })

function split(data: Buffer, at: readonly number[]): Buffer[] {
  const places = at.map((cut) => cut % (data.length + 1)).toSorted((a, b) => a - b)
  return [0, ...places].map((from, index) => data.subarray(from, places[index] ?? data.length))
}

describe('whatever the server sends', () => {
  test('replies are the same wherever they are cut', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 30 }), cuts, (replies, at) => {
        const data = Buffer.concat(replies.map(([bytes]) => bytes))
        const expected = replies.map(([, content]) => content)
        expect(read(split(data, at))).toEqual(expected)
        expect(read(Array.from(data, (byte) => Buffer.of(byte)))).toEqual(expected)
      }),
    )
  })

  test('replies are those that redis-parser reads', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 30 }), (replies) => {
        const data = Buffer.concat(replies.map(([bytes]) => bytes))
        expect(comparable(read([data]))).toEqual(comparable(readByOracle(data)!))
      }),
    )
  })

  test('damaged replies are refused, or read as redis-parser reads them', () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.constantFrom('$', '+', '-', ':', '*', '\r', '\n', '0', '1', '2', '9', 'x'),
    )
    let accepted = 0
    fc.assert(
      fc.property(
        fc.array(reply, { minLength: 1, maxLength: 5 }),
        damage,
        cuts,
        (replies, [at, byte], places) => {
          const data = Buffer.concat(replies.map(([bytes]) => bytes))
          data.write(byte, at % data.length, 'latin1')
          const outcome = (chunks: readonly Buffer[]): unknown => {
            try {
              return read(chunks)
            } catch (error) {
              expect(error).toMatchObject({ code: 'PROTOCOL_ERROR' })
              return 'refused'
            }
          }
          const whole = outcome([data])
          expect(outcome(split(data, places))).toEqual(whole)
          if (whole === 'refused') return
          accepted++
          expect(comparable(whole as Reply[])).toEqual(comparable(readByOracle(data)!))
        },
      ),
      { numRuns: 1_000 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  test('arbitrary bytes are refused or wait for more, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, at) => {
        try {
          read(split(Buffer.from(bytes), at))
        } catch (error) {
          expect(error).toMatchObject({ code: 'PROTOCOL_ERROR' })
        }
      }),
    )
  })
})

test.each([
  ['$536870913\r\n', /at most 512 MiB/],
  ['$99999999999999999999\r\n', /at most 512 MiB/],
  ['$-2\r\n', /the length "\$-2/],
  ['$\r\n', /the length/],
  ['$1x\r\n', /the length/],
  ['$12\rx', /the length/],
  ['$12\r\n123456789012xx', /does not end after its 12 bytes/],
  ['$3\r\n123xx', /does not end after its 3 bytes/],
  ['*1\r\n', /a reply that begins with "\*/],
  ['%1\r\n', /a reply that begins with/],
  ['HTTP/1.1 400 Bad Request\r\n', /a reply that begins with "H/],
  [':one\r\n', /the number "one"/],
  ['+OK\rx', /a line that does not end in/],
])('%j is refused', (data, message) => {
  for (const chunks of [[Buffer.from(data)], Array.from(Buffer.from(data), (byte) => Buffer.of(byte))])
    expect(() => read(chunks)).toThrow(message)
})

test('a line without an end is refused before it fills the memory', () => {
  const chunk = Buffer.alloc(10_000, '+')
  expect(() => read(Array.from({ length: 10 }, () => chunk))).toThrow(/a line of more than 65536 bytes/)
})

test('a value of another size is passed over, and never kept', () => {
  const replies = new Replies(valueBytes)
  const shared = Buffer.alloc(1_000_000, 'x')
  const valueLength = 300_000_000
  const head = `$${valueLength}\r\n`
  shared.write(head)
  const before = process.memoryUsage().arrayBuffers
  for (let left = head.length + valueLength; left > 0; left -= shared.length) {
    replies.take(shared, Math.min(left, shared.length))
    expect(replies.next()).toBe(replyKinds.none)
    shared.fill('x')
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  shared.write('\r\n+OK\r\n')
  replies.take(shared, 7)
  expect(replies.next()).toBe(replyKinds.value)
  expect(replies.length).toBe(valueLength)
  expect(replies.next()).toBe(replyKinds.status)
})
