import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTally } from '../src/index.ts'

const parts = (counts: Readonly<Record<string, number>>) => new Map(Object.entries(counts))

test('it is the sum of all parts, as they grow', () => {
  const tally = createTally()
  expect(tally(parts({ eth0: 5, eth1: 7 }))).toBe(12)
  expect(tally(parts({ eth0: 6, eth1: 9 }))).toBe(15)
})

test('a part that vanishes takes nothing away, and counts on when it is back', () => {
  const tally = createTally()
  tally(parts({ eth0: 5, eth1: 7 }))
  expect(tally(parts({ eth0: 6 }))).toBe(13)
  expect(tally(parts({ eth0: 6, eth1: 9 }))).toBe(15)
})

test('a part that was reset begins at zero, and the others are not counted again', () => {
  const tally = createTally()
  tally(parts({ eth0: 5, eth1: 7 }))
  expect(tally(parts({ eth0: 5, eth1: 2 }))).toBe(14)
})

test('what a new part has counted before is no growth', () => {
  const tally = createTally()
  tally(parts({ eth0: 5 }))
  expect(tally(parts({ eth0: 5, eth1: 1000 }))).toBe(5)
  expect(tally(parts({ eth0: 5, eth1: 1001 }))).toBe(6)
})

test('whatever comes and goes, it never falls', () => {
  const sample = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat())
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      const tally = createTally()
      const totals = samples.map((counts) => tally(parts(counts)))
      expect(totals).toEqual(totals.toSorted((a, b) => a - b))
    }),
  )
})
