import { Histogram } from '@cloudbench/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countsAt, edgesOf } from '../src/edges.ts'

const durationNs = fc.oneof(
  fc.integer({ min: 0, max: 5_000 }),
  fc.integer({ min: 0, max: 2 ** 31 }),
  fc.maxSafeInteger().map((value) => Math.abs(value) % 2 ** 42),
)

const limitedTo = (limitNs: number) => [{ unit: 'ns', limits: [limitNs] } as const]

test('edges go from 1 µs to 75 s, and a limit is among them, at most 0.1 % higher', () => {
  const edges = edgesOf([])
  expect(edges).toHaveLength(48)
  expect(edges[0]).toBe(1_000)
  expect(edges.at(-1)! / 1e9).toBeCloseTo(75, 0)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 - 1 }), (limitNs) => {
      const more = edgesOf(limitedTo(limitNs))
      expect(more).toEqual(more.toSorted((a, b) => a - b))
      expect(edges.filter((edge) => !more.includes(edge))).toEqual([])
      expect(more.some((edge) => edge >= limitNs && edge <= limitNs * 1.001)).toBe(true)
    }),
  )
})

test('a limit that is no time, or beyond the range, adds none', () => {
  expect(edgesOf([{ unit: 'share', limits: [0.001] }])).toEqual(edgesOf([]))
  expect(edgesOf(limitedTo(2 ** 50))).toEqual(edgesOf([]))
})

test('what is at most an edge is known exactly', () => {
  fc.assert(
    fc.property(fc.array(durationNs), fc.integer({ min: 1, max: 2 ** 39 }), (values, limitNs) => {
      const edges = edgesOf(limitedTo(limitNs))
      const histogram = Histogram.of(values)
      expect(countsAt(histogram, edges)).toEqual(
        edges.map((edge) => values.filter((value) => value <= edge).length),
      )
    }),
  )
})
