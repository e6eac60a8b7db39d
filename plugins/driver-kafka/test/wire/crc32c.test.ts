import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c } from '../../src/wire/crc32c.ts'

// RFC 3720, appendix B.4
test.each([
  ['32 bytes of zeroes', Buffer.alloc(32), 0x8a91_36aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8_ab43],
  ['32 bytes rising', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd_794e],
  ['32 bytes falling', Buffer.from(Array.from({ length: 32 }, (_, at) => 31 - at)), 0x113f_db5c],
  ['123456789', Buffer.from('123456789'), 0xe306_9283],
])('of %s', (_, bytes, checksum) => {
  expect(crc32c(bytes, 0, bytes.length)).toBe(checksum)
})

test('the checksum of two parts is that of the whole, wherever it is cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, wanted) => {
      const cut = Math.min(wanted, bytes.length)
      const first = crc32c(bytes, 0, cut)
      expect(crc32c(bytes, cut, bytes.length, first)).toBe(crc32c(bytes, 0, bytes.length))
    }),
  )
})
