import fc from 'fast-check'
import hdr from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { CloudbenchError } from '../../src/errors.ts'
import { decodeHdr } from '../../src/metrics/hdr.ts'
import { Histogram } from '../../src/metrics/histogram.ts'

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
