import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReader } from '../../src/wire/reader.ts'
import { message, readInPieces } from './server-messages.ts'

const limitBytes = 1_000_000
const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 })

/** What a reader hands over, as letter and body. */
function handedOver(bytes: Buffer, pieces: readonly number[]): string[] {
  const messages: string[] = []
  const read = createReader((letter, shared, at, end) => {
    messages.push(String.fromCharCode(letter) + shared.toString('latin1', at, end))
  }, limitBytes)
  readInPieces(read, bytes, pieces)
  return messages
}

test('messages are the same, whichever way they are cut', () => {
  const one = fc.tuple(
    fc.constantFrom('C', 'D', 'E', 'N', 'Z', '2'),
    fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
  )
  fc.assert(
    fc.property(fc.array(one, { maxLength: 20 }), sizes, (messages, pieces) => {
      const bytes = Buffer.concat(messages.map(([letter, body]) => message(letter, body)))
      expect(handedOver(bytes, pieces)).toEqual(
        messages.map(([letter, body]) => letter + body.toString('latin1')),
      )
    }),
  )
})

test('a large message comes in pieces, and small ones after it', () => {
  const large = 'x'.repeat(900_000)
  const bytes = Buffer.concat([message('Z', 'I'), message('D', large), message('2'), message('Z', 'I')])
  expect(handedOver(bytes, [65_536, 7, 4_096])).toEqual(['ZI', `D${large}`, '2', 'ZI'])
})

test.each([
  ['no length', 'D\0\0\0\u0003', /a message D of 3 bytes/],
  ['a negative length', 'D\u00ff\u00ff\u00ff\u00fb', /a message D of -5 bytes/],
  ['a short message that is long', 'C\0\u0001\0\0', /a message C of 65536 bytes/],
  ['a row beyond the limit', 'D\u007f\u00ff\u00ff\u00ff', /a message D of 2147483647 bytes/],
  ['another protocol', 'HTTP/1.1 400', /a message H of 1414811695 bytes/],
])('%s is refused as soon as it is announced', (_, text, what) => {
  for (const pieces of [[100], [1]])
    expect(() => handedOver(Buffer.from(text, 'latin1'), pieces)).toThrow(
      expect.objectContaining({ code: 'INVALID_RESPONSE', message: expect.stringMatching(what) as string }),
    )
})

test('memory grows with what has come, not with what was announced', () => {
  const read = createReader(() => {}, 2 ** 30)
  const before = process.memoryUsage().arrayBuffers
  const head = Buffer.from('D\u003f\u00ff\u00ff\u00ff', 'latin1')
  const readers = Array.from({ length: 20 }, () => createReader(() => {}, 2 ** 30))
  for (const one of [read, ...readers]) one(head, head.length)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
})
