import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPayload, fillerOf } from '../../src/payload.ts'

test('a payload matches its own row, and no other', () => {
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

test.each([0, 1, 1_000, 65_536, 200_000])('a filler of %i characters', (length) => {
  expect(fillerOf(length)).toMatch(new RegExp(`^[\\w-]{${Math.min(length, 65_000)}}`))
  expect(fillerOf(length)).toHaveLength(length)
})
