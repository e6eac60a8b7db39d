import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appended } from '../../src/socket/appended.ts'

const pieces = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 12 })

test('what is kept is all that came, in its order', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      let kept: Buffer = Buffer.alloc(0)
      let keptBytes = 0
      for (const part of parts) {
        const shared = Buffer.concat([Buffer.from('before'), part, Buffer.from('after')])
        kept = appended(kept, keptBytes, shared, 6, 6 + part.length)
        keptBytes += part.length
      }
      expect(kept.subarray(0, keptBytes)).toEqual(Buffer.concat(parts))
    }),
  )
})

test('its room grows with what has come, to twice as much each time', () => {
  const shared = Buffer.alloc(1_000)
  const first = appended(Buffer.alloc(0), 0, shared, 0, 1)
  expect(first.length).toBe(256)
  expect(appended(first, 1, shared, 0, 255)).toBe(first)
  expect(appended(first, 256, shared, 0, 1).length).toBe(512)
  expect(appended(first, 256, shared, 0, 1_000).length).toBe(1_256)
})

test('what comes may be a later part of what is kept', () => {
  const kept = Buffer.from('ab..cd')
  expect(appended(kept, 2, kept, 4, 6).toString()).toBe('abcdcd')
  const full = Buffer.from('abcdef')
  expect(appended(full, 6, full, 2, 6).subarray(0, 10).toString()).toBe('abcdefcdef')
})
