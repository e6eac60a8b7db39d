import { expect, test } from 'vitest'
import { bytes, clock, duration, percent, rate, short } from '../src/format.ts'

test('durations have three digits and the unit that fits', () => {
  expect(
    [0, 12, 1_500, 873_000, 999_400, 999_600, 1.2e6, 31.25e6, 1.2e9, 9e10, 4e12, Number.NaN].map(duration),
  ).toEqual([
    '0 ns',
    '12 ns',
    '1.50 µs',
    '873 µs',
    '999 µs',
    '1 ms',
    '1.20 ms',
    '31.3 ms',
    '1.20 s',
    '90 s',
    '1 h 6 min',
    '–',
  ])
})

test('times of day as people say them', () => {
  expect([500, 5_000, 65_000, 120_000, 3_600_000, 5_400_000].map(clock)).toEqual([
    '0.500 s',
    '5 s',
    '1 min 5 s',
    '2 min',
    '1 h',
    '1 h 30 min',
  ])
})

test('rates, counts, sizes and shares', () => {
  expect([198, 12_345, 0].map(rate)).toEqual(['198/s', '12.3k/s', '0/s'])
  expect([950, 9_999, 12_345, 3_200_000].map(short)).toEqual(['950', '9999', '12.3k', '3.20M'])
  expect([100, 14_200, 14.2e6, 2e9].map(bytes)).toEqual(['100 B', '14.2 kB', '14.2 MB', '2 GB'])
  expect([0, 0.0000001, 0.0123, 1, Number.NaN].map(percent)).toEqual([
    '0 %',
    '< 0.001 %',
    '1.23 %',
    '100 %',
    '–',
  ])
})
