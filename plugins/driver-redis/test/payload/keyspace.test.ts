import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createKeyspace } from '../../src/payload/keyspace.ts'

const index = fc.integer({ min: 0, max: 9_999_999_999 })
// below and above the size from which fillers are compared by another way
const valueSize = fc.oneof(fc.integer({ min: 40, max: 120 }), fc.integer({ min: 280, max: 320 }))

test('a value is recognised under its key, anywhere in a buffer, and under no other', () => {
  fc.assert(
    fc.property(
      valueSize,
      index,
      index,
      fc.nat({ max: 99_999 }),
      fc.nat(),
      (size, key, other, writer, at) => {
        const keyspace = createKeyspace({ prefix: 'test:', valueSize: size })
        const text = keyspace.valueOf(key, writer, 1_795_000_000_000_000)
        const from = at % 9
        const bytes = Buffer.alloc(size + 9, '7')
        bytes.write(text, from)
        expect(keyspace.isValueOf(key, bytes, from, size)).toBe(true)
        expect(keyspace.isValueOf(key, bytes, from, size - 1)).toBe(false)
        expect(keyspace.isValueOf(other, Buffer.from(text))).toBe(key === other)
        expect(keyspace.parse(Buffer.from(text))).toEqual({
          index: key,
          writer,
          sequence: 1_795_000_000_000_000,
        })
      },
    ),
  )
})

test('a decoded value is compared by its bytes', () => {
  const size = 60
  const keyspace = createKeyspace({ prefix: 'test:', valueSize: size })
  const text = keyspace.valueOf(7, 1, 5)
  expect(keyspace.isValueOf(7, keyspace.bytesOf(text))).toBe(true)
  fc.assert(
    fc.property(fc.nat({ max: size - 1 }), fc.string({ unit: 'binary', maxLength: 3 }), (at, part) => {
      const other = text.slice(0, at) + part + text.slice(at + part.length)
      expect(keyspace.bytesOf(other).equals(Buffer.from(other))).toBe(true)
    }),
  )
})

test('a value with one other byte is not recognised, unless it is another writer or write', () => {
  fc.assert(
    fc.property(valueSize, index, fc.nat(), fc.nat({ max: 255 }), (size, key, place, byte) => {
      const keyspace = createKeyspace({ prefix: 'test:', valueSize: size })
      const value = Buffer.from(keyspace.valueOf(key, 1, 1_795_000_000_000_000))
      const at = place % size
      const before = value[at]!
      value[at] = byte
      const isDigitOfWrite = at > 10 && at < 33 && at !== 16 && byte >= 48 && byte <= 57
      expect(keyspace.isValueOf(key, value)).toBe(byte === before || isDigitOfWrite)
    }),
    { numRuns: 2_000 },
  )
})
