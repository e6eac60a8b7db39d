import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readVarint, varintSize, writeVarint } from '../../src/wire/varint.ts'

test('a number is read back as it was written, and takes the announced size', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat(20), (value, at) => {
      const buffer = Buffer.alloc(32)
      const end = writeVarint(buffer, at, value)
      expect(end - at).toBe(varintSize(value))
      const reader = { buffer, at }
      expect(readVarint(reader)).toBe(value)
      expect(reader.at).toBe(end)
    }),
  )
})

test.each([
  [[0], 0],
  [[1], -1],
  [[2], 1],
  [[0xac, 0x02], 150],
  [[0xab, 0x02], -150],
])('%j is %i', (bytes, value) => {
  expect(readVarint({ buffer: Uint8Array.from(bytes), at: 0 })).toBe(value)
})

test('a number that is cut off is an error', () => {
  expect(() => readVarint({ buffer: Uint8Array.of(0x80), at: 0 })).toThrow(RangeError)
})
