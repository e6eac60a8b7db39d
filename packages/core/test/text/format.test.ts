import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatCount,
  formatDuration,
  formatPercentage,
  formatRate,
  formatSize,
} from '../../src/text/format.ts'
import { parseCount, parseDuration, parsePercentage, parseRate, parseSize } from '../../src/text/units.ts'

describe('formatting', () => {
  it.each([
    [4.2, '4.20 ms'],
    [31.2, '31.2 ms'],
    [250, '250 ms'],
    [0.043, '43 µs'],
    [0.0432, '43.2 µs'],
    [0.000_85, '850 ns'],
    [1200, '1.2 s'],
    [999.9, '1 s'],
    [0.9999, '1.00 ms'],
    [59_999, '60 s'],
    [90_000, '1m 30s'],
    [5_400_000, '1h 30m'],
    [0, '0 ms'],
    [-5, '-5.00 ms'],
    [Number.NaN, '–'],
    [Infinity, '∞'],
  ])('says %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  it('formats rates, counts, sizes and percentages', () => {
    expect(formatRate(500)).toBe('500/s')
    expect(formatRate(12_486.3)).toBe('12.49k/s')
    expect(formatRate(0.5)).toBe('0.5/s')
    expect(formatCount(9999)).toBe('9999')
    expect(formatCount(2_500_000)).toBe('2.5M')
    expect(formatCount(3e9)).toBe('3G')
    expect(formatSize(950)).toBe('950 B')
    expect(formatSize(1200)).toBe('1.2 KB')
    expect(formatSize(5e12)).toBe('5 TB')
    expect(formatPercentage(0.0002)).toBe('0.02 %')
    for (const format of [formatRate, formatCount, formatSize, formatPercentage])
      expect(format(Number.NaN)).toBe('–')
  })

  it('is read back as what was written, up to rounding', () => {
    const close = (back: number, value: number, share: number) =>
      expect(Math.abs(back - value)).toBeLessThanOrEqual(share * value)
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (value) => {
        // beyond a minute whole seconds are shown
        close(parseDuration(formatDuration(value)), value, 0.01)
        close(parseRate(formatRate(value)), value, 0.001)
        close(parseCount(formatCount(Math.round(value))), Math.round(value), 0.001)
        close(parseSize(formatSize(Math.round(value))), Math.round(value), 0.01)
        close(parsePercentage(formatPercentage(value / 1e9)), value / 1e9, 0.01)
      }),
    )
  })
})
