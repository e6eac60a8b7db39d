import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseCount,
  parseDuration,
  parsePercentage,
  parseRate,
  parseRatio,
  parseSize,
  parseSizeRate,
} from '../../src/text/units.ts'
import { refusal } from '../config/project.ts'

describe('units', () => {
  it.each([
    ['500us', 0.5],
    ['43µs', 0.043],
    ['250ns', 0.000_25],
    ['10ms', 10],
    ['10 ms', 10],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['2d', 172_800_000],
    ['0', 0],
    [0, 0],
  ])('reads the duration %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([
    ['500/s', 500],
    ['30/m', 0.5],
    ['1k/s', 1000],
    ['1k', 1000],
    ['36/h', 0.01],
    ['500', 500],
    [500, 500],
    [0.5, 0.5],
  ])('reads the rate %s', (text, perSecond) => {
    expect(parseRate(text)).toBe(perSecond)
  })

  it.each([
    ['100B', 100],
    ['1KB', 1000],
    ['64KiB', 65_536],
    ['1.5MB', 1_500_000],
    ['0', 0],
  ])('reads the size %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each([
    ['1/100', 0.01],
    [' 1 / 100 ', 0.01],
    ['3/4', 0.75],
    ['1/1', 1],
    ['0/5', 0],
    ['1%', 0.01],
    ['0.1 %', 0.001],
    ['100%', 1],
    ['0.01', 0.01],
    [0.01, 0.01],
    [1, 1],
    [0, 0],
  ])('reads the ratio %s', (text, share) => {
    expect(parseRatio(text)).toBe(share)
  })

  it.each([
    '1/0',
    '0/0',
    '3/2',
    '2',
    '101%',
    '-1',
    '-1/2',
    '1/',
    '/2',
    '1/2/3',
    '0.5/2',
    '1 in 10',
    '1/100 %',
    '',
    'half',
  ])('refuses the ratio %s, and says how one is written', async (text) => {
    expect(await refusal(() => parseRatio(text))).toMatch(/^CB_UNIT: .*\n.*1\/100, 1% or 0.01/)
    expect(() => parseRatio(1.5)).toThrow('1.5 is not a ratio from 0 to 1')
    expect(() => parseRatio(Number.NaN)).toThrow('NaN is not a ratio')
  })

  it('reads counts, percentages and sizes per second', () => {
    expect(parseCount('10k')).toBe(10_000)
    expect(parseCount('2M')).toBe(2_000_000)
    expect(parsePercentage('0.1%')).toBe(0.001)
    expect(parsePercentage('5 %')).toBe(0.05)
    expect(parseSizeRate('10MB/s')).toBe(10_000_000)
    expect(parseSizeRate(0)).toBe(0)
  })

  it('requires a unit for a bare duration', async () => {
    const expected = [
      'CB_UNIT: 10 what? A duration needs a unit',
      '  expected: a duration, such as 500us, 10ms, 1.5s, 5m or 1h30m',
      '  next: write 10ms or 10s',
    ].join('\n')
    expect(await refusal(() => parseDuration(10))).toBe(expected)
    expect(await refusal(() => parseDuration('10'))).toBe(expected)
    expect(await refusal(() => parseSize(5))).toContain('5 what? A size needs a unit')
    expect(await refusal(() => parseSize(100))).toContain('next: write 100B or 100KB')
    expect(await refusal(() => parsePercentage('5'))).toContain('next: write 5%')
    expect(await refusal(() => parsePercentage(0.9))).toContain('next: write 90%')
    expect(await refusal(() => parsePercentage('0.07'))).toContain('next: write 7%')
    expect(await refusal(() => parsePercentage(1))).toContain('next: write 1% or 100%')
  })

  it.each(['', 'ten', '-5s', '5x', '1m1h', '1m1m', '5s!', '1..5s', 'NaN', 'Infinity', '5s 3', 's', '1e400s'])(
    'refuses the duration %j',
    async (text) => {
      expect(await refusal(() => parseDuration(text))).toMatch(
        /^CB_UNIT: .* is not a duration\n {2}expected: /,
      )
    },
  )

  it('lists the units when a unit is unknown', async () => {
    expect(await refusal(() => parseDuration('5sec'))).toContain('next: sec is not one of ns, us,')
    expect(await refusal(() => parseRate('5/d'))).toContain('"5/d" is not a rate')
    expect(await refusal(() => parseSize('5XB'))).toContain('XB is not one of B, KB')
    expect(await refusal(() => parseCount('1k2k'))).toContain('"1k2k" is not a count')
    expect(await refusal(() => parsePercentage(Number.NaN))).toContain('NaN is not a percentage')
    expect(await refusal(() => parseSizeRate('5MB'))).toContain('write 5MB/s')
    expect(await refusal(() => parseRate(-1))).toContain('-1 is not a rate')
  })

  it('suggests the unit that differs in case only', async () => {
    expect(await refusal(() => parseCount('10m'))).toContain('next: did you mean 10M?')
    expect(await refusal(() => parseCount('1.5g'))).toContain('next: did you mean 1.5G?')
    expect(await refusal(() => parseSize('64 kib'))).toContain('next: did you mean 64 KiB?')
    expect(await refusal(() => parseDuration('5MS'))).toContain('next: did you mean 5ms?')
  })

  it('has no fractions of counts and bytes, and no floating-point noise', async () => {
    expect(parseCount('1.005k')).toBe(1_005)
    expect(parseSize('1.1KB')).toBe(1_100)
    expect(await refusal(() => parseCount(1.5))).toBe(
      'CB_UNIT: 1.5 is not a whole number\n  expected: a count, such as 500, 10k or 2M',
    )
    expect(await refusal(() => parseCount('0.0001k'))).toContain('"0.0001k" is not a whole number')
    expect(await refusal(() => parseSize('0.5B'))).toContain('"0.5B" is not a whole number')
    expect(parseSizeRate('0.5B/s')).toBe(0.5)
  })

  it('multiplies every number by its unit', () => {
    const inMs = { us: 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3600e3 }
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...Object.entries(inMs)), (number, [unit, factor]) => {
        expect(parseDuration(`${number}${unit}`)).toBeCloseTo(number * factor, 6)
      }),
    )
  })

  it('adds the parts of a duration', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(59), fc.nat(59), (hours, minutes, seconds) => {
        expect(parseDuration(`${hours}h${minutes}m${seconds}s`)).toBe(
          ((hours * 60 + minutes) * 60 + seconds) * 1000,
        )
      }),
    )
  })

  it('answers any text with a number or a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.double()), async (text) => {
        for (const parse of [parseDuration, parseRate, parseSize, parseCount, parsePercentage, parseSizeRate])
          await refusal(() => {
            expect(parse(text)).toBeGreaterThanOrEqual(0)
            parseDuration('refused')
          })
      }),
    )
  })
})
