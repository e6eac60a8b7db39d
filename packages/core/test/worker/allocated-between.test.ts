import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocatedBetween } from '../../src/worker/allocation-meter.ts'

test('what was there before a collection beyond what the last one left was allocated', () => {
  const collections = [
    { beforeBytes: 150, afterBytes: 60 },
    { beforeBytes: 160, afterBytes: 70 },
  ]
  expect(allocatedBetween(100, collections, 95)).toBe(50 + 100 + 25)
})

test('a heap that shrank between two collections allocated nothing, not less than nothing', () => {
  const collections = [
    { beforeBytes: 80, afterBytes: 60 },
    { beforeBytes: 50, afterBytes: 40 },
  ]
  expect(allocatedBetween(100, collections, 30)).toBe(0)
})

test('whatever the heap does, the bytes can be counted', () => {
  const bytes = fc.nat()
  const collection = fc.record({ beforeBytes: bytes, afterBytes: bytes })
  fc.assert(
    fc.property(bytes, fc.array(collection), bytes, (startBytes, collections, endBytes) => {
      expect(allocatedBetween(startBytes, collections, endBytes)).toBeGreaterThanOrEqual(0)
    }),
  )
})
