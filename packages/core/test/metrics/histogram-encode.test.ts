import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import hdr from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { CloudbenchError } from '../../src/errors.ts'
import { decodeHdr } from '../../src/metrics/hdr-reader.ts'
import { encodeHdr } from '../../src/metrics/hdr.ts'
import { Histogram } from '../../src/metrics/histogram.ts'
import { slotOf } from '../../src/metrics/layout.ts'

describe('an encoded histogram', () => {
  it('decodes to the same counts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 40 - 1 }), { maxLength: 100 }), (values) => {
        const { data } = Histogram.of(values)
        const { slots, counts } = decodeHdr(Histogram.of(values).encode())
        expect(slots).toEqual(data.slots)
        expect(counts).toEqual(data.counts)
      }),
    )
  })

  it('has the bytes that hdr-histogram-js would write', () => {
    const written = (base64: string): Buffer => {
      const bytes = inflateSync(Buffer.from(base64, 'base64').subarray(8))
      // an offset that only shifted histograms use, and a ratio that only scaled ones do: the library writes odd ones
      bytes.fill(0, 8, 12).fill(0, 32, 40)
      return bytes
    }
    const options = {
      numberOfSignificantValueDigits: 3,
      highestTrackableValue: 2 ** 40 - 1,
      autoResize: false,
    } as const
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 40 - 1 }), { minLength: 1, maxLength: 100 }),
        (values) => {
          const theirs = hdr.build({ ...options, bitBucketSize: 64, useWebAssembly: false })
          for (const value of values) theirs.recordValueWithCount(value, 1 + (value % 1e6))
          const slots = new Map<number, number>()
          for (const value of values)
            slots.set(slotOf(value), (slots.get(slotOf(value)) ?? 0) + 1 + (value % 1e6))
          const inOrder = [...slots].toSorted(([a], [b]) => a - b)
          const data = {
            slots: Uint16Array.from(inOrder, ([slot]) => slot),
            counts: Float64Array.from(inOrder, ([, count]) => count),
          }
          expect(written(encodeHdr(data))).toEqual(written(hdr.encodeIntoCompressedBase64(theirs)))
        },
      ),
    )
  })

  it('has the same percentiles in hdr-histogram-js', () => {
    const histogram = Histogram.of(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 90_000_000))
    const read = hdr.decodeFromCompressedBase64(histogram.encode(), 64, false)
    expect(read.totalCount).toBe(5000)
    for (const p of [50, 90, 99, 99.9])
      expect(Math.min(read.getValueAtPercentile(p), histogram.max)).toBe(histogram.percentile(p))
  })

  it('that is damaged is refused', () => {
    expect(() => decodeHdr('bm90IGEgaGlzdG9ncmFt')).toThrow(CloudbenchError)
  })

  it('of another precision is refused', () => {
    const coarse = hdr.build({ numberOfSignificantValueDigits: 2, useWebAssembly: false })
    coarse.recordValue(5)
    expect(() => decodeHdr(hdr.encodeIntoCompressedBase64(coarse))).toThrow(/2 digits/)
  })
})
