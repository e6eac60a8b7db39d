import { describe, expect, it } from 'vitest'
import { decodeHdr } from '../../src/metrics/hdr-reader.ts'
import { Histogram } from '../../src/metrics/histogram.ts'
import { expectQuantiles } from '../support/milliseconds.ts'

const of = (count: number, ms: number): Histogram =>
  Histogram.of(Array.from({ length: count }, () => ms * 1e6))
const [a, b, c] = [of(9000, 1), of(1000, 100), of(500, 7)]

describe('known answer 10: 9 000 × 1 ms and 1 000 × 100 ms', () => {
  it('have a p90 of 1 and a p95 and p99 of 100 ms, where an average of percentiles has 50.5', () => {
    expectQuantiles(Histogram.sum([a, b]), { 90: 1, 95: 100, 99: 100 })
  })

  it('are the same to the byte with a third, in whatever order they are merged', () => {
    const orders = [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ] as const
    const encoded = orders.flatMap(([x, y, z]) => [
      Histogram.sum([x, y, z]).encode(),
      Histogram.sum([Histogram.sum([x, y]), z]).encode(),
      Histogram.sum([x, Histogram.sum([y, z])]).encode(),
    ])
    expect(new Set(encoded)).toEqual(new Set([encoded[0]]))
  })

  it('come back from HdrHistogram’s format with the same counts, and go there as the same bytes', () => {
    const merged = Histogram.sum([a, b, c])
    const { slots, counts } = decodeHdr(merged.encode())
    expect({ slots, counts }).toEqual({ slots: merged.data.slots, counts: merged.data.counts })
    expect(new Histogram({ ...merged.data, slots, counts }).encode()).toBe(merged.encode())
  })
})
