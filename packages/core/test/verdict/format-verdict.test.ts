import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NumberVerdict, Verdict, VerdictReason } from '../../src/plugin/verdict.ts'
import {
  formatCoverage,
  formatInterval,
  formatNumber,
  formatThreshold,
  formatWindow,
  lookOf,
  markedNumber,
  numberOf,
} from '../../src/verdict/format-verdict.ts'

const ms = 1e6
const p99: NumberVerdict = {
  metric: 'response.p99',
  unit: 'ns',
  value: 12.3 * ms,
  interval: { low: 11.8 * ms, high: 13.1 * ms },
  grade: 'established',
  validity: 'valid',
  codes: [],
}
const short = { grade: 'not established', validity: 'suspect', codes: ['TOO_FEW_SAMPLES'] } as const
const saturated = { isLowerBound: true, validity: 'invalid', codes: ['TARGET_SATURATED'] } as const

function verdict(...numbers: NumberVerdict[]): Verdict {
  return {
    validity: 'valid',
    reasons: [],
    numbers,
    steadyStates: [],
    signals: [],
    required: 'suspect',
    isInvalidAllowed: false,
  }
}

test('a number has its interval behind it, in its own unit', () => {
  expect(formatNumber(p99)).toBe('12.3 ms (11.8–13.1)')
  expect(formatNumber({ ...p99, interval: { low: 980e3, high: 13.1 * ms } })).toBe('12.3 ms (980 µs–13.1 ms)')
  expect(formatNumber({ ...p99, interval: { low: 11.8 * ms, high: null } })).toBe('12.3 ms (≥ 11.8)')
  expect(formatNumber({ ...p99, unit: 'perSecond', value: 500, interval: { low: 498, high: 502 } })).toBe(
    '500/s (498–502)',
  )
  const { interval: _, ...bare } = p99
  expect(formatNumber(bare)).toBe('12.3 ms')
})

test('an interval alone has its unit once, and both where they differ', () => {
  expect(formatInterval(p99)).toBe('11.8–13.1 ms')
  expect(formatInterval({ ...p99, interval: { low: 980e3, high: 13.1 * ms } })).toBe('980 µs–13.1 ms')
  expect(formatInterval({ ...p99, interval: { low: 11.8 * ms, high: null } })).toBe('≥ 11.8 ms')
  expect(formatInterval({ ...p99, unit: 'count', interval: { low: 2, high: 4 } })).toBe('2–4')
})

test('what is a lower bound, or stands on too few samples, is at least that', () => {
  expect(formatNumber({ ...p99, ...short })).toBe('≥ 12.3 ms')
  expect(formatNumber({ ...p99, isLowerBound: true })).toBe('≥ 12.3 ms')
})

test('in a table a number has a sign for what is wrong with it', () => {
  expect(markedNumber('12 ms', undefined)).toBe('12 ms')
  expect(markedNumber('12 ms', p99)).toBe('12 ms')
  expect(markedNumber('12 ms', { ...p99, validity: 'unknown' })).toBe('12 ms')
  expect(markedNumber('12 ms', { ...p99, validity: 'suspect', codes: ['CPU_STEAL'] })).toBe('~12 ms')
  expect(markedNumber('12 ms', { ...p99, validity: 'invalid', codes: ['GENERATOR_LAG'] })).toBe('?12 ms')
  expect(markedNumber('12 ms', { ...p99, ...short })).toBe('≥12 ms')
  expect(markedNumber('12 ms', { ...p99, ...short, codes: ['TOO_FEW_SAMPLES', 'CPU_STEAL'] })).toBe('~≥12 ms')
  expect(
    markedNumber('12 ms', { ...p99, isLowerBound: true, validity: 'suspect', codes: ['LOWER_BOUND'] }),
  ).toBe('≥12 ms')
})

test('times of a target that was saturated are no numbers, but its rate is one', () => {
  expect(markedNumber('12 ms', { ...p99, ...saturated })).toBe('saturated')
  expect(markedNumber('500/s', { ...p99, ...saturated, unit: 'perSecond' })).toBe('?≥500/s')
})

test('only too few samples make a number weak, anything else makes it suspect', () => {
  expect(lookOf({ ...p99, ...short })).toBe('weak')
  expect(lookOf({ ...p99, ...short, codes: ['TOO_FEW_SAMPLES', 'GC'] })).toBe('suspect')
  expect(lookOf({ ...p99, validity: 'suspect' })).toBe('suspect')
})

test('the number of the only flow is that of the whole, of several each has its own', () => {
  const own = { ...p99, flow: 'a' }
  expect(numberOf(verdict(p99), 'response.p99', 'a')).toBe(p99)
  expect(numberOf(verdict(own), 'response.p99')).toBe(own)
  expect(numberOf(verdict(p99, own), 'response.p99', 'a')).toBe(own)
  expect(numberOf(verdict(p99, own), 'response.p99')).toBe(p99)
  const two = verdict(p99, own, { ...p99, flow: 'b', metric: 'rate' })
  expect(numberOf(two, 'response.p99', 'b')).toBeUndefined()
  expect(numberOf(two, 'response.p99', 'a', 'get')).toBeUndefined()
  expect(numberOf(undefined, 'response.p99')).toBeUndefined()
})

test('a time that the verdict does not list is saturated as those are that it lists', () => {
  const flow = verdict({ ...p99, ...saturated, flow: 'a' }, { ...p99, flow: 'b' })
  expect(markedNumber('9 s', numberOf(flow, 'response.max', 'a', 'get'))).toBe('saturated')
  expect(numberOf(flow, 'response.max', 'b')).toBeUndefined()
  expect(numberOf(flow, 'rate', 'a')).toBeUndefined()
})

test('a threshold says on which side of it trouble is', () => {
  const reason: VerdictReason = { code: 'CPU_STEAL', validity: 'suspect', text: '', advice: '' }
  expect(formatThreshold(reason)).toBe('')
  expect(formatThreshold({ ...reason, observed: 0.12, threshold: 0.01, unit: 'share' })).toBe(
    'suspect above 1 %',
  )
  expect(
    formatThreshold({ ...reason, validity: 'invalid', observed: 0.8, threshold: 0.95, unit: 'share' }),
  ).toBe('invalid below 95 %')
  expect(formatThreshold({ ...reason, observed: 120, threshold: 100, unit: 'ppm' })).toBe(
    'suspect above 100 ppm',
  )
})

test('a window says when', () => {
  const reason: VerdictReason = { code: 'GC', validity: 'suspect', text: '', advice: '' }
  expect(formatWindow(reason)).toBe('')
  expect(formatWindow({ ...reason, window: { phase: 'measure', startMs: 500, endMs: 1_500 } })).toBe(
    'worst from 500 ms to 1.5 s of measure',
  )
})

test('coverage counts what could be read', () => {
  const signal = { name: 'steal', suspectAbove: 0, invalidAbove: null, unit: 'share' } as const
  const signals = (['valid', 'invalid', 'unknown'] as const).map((validity) => ({ ...signal, validity }))
  expect(formatCoverage({ ...verdict(), signals })).toBe('2 of 3 signals read')
  expect(formatCoverage(verdict())).toBe('')
})

test('whatever the numbers are, their text has no gap and no NaN', () => {
  const positive = fc.double({ min: 1e-9, max: 1e15, noNaN: true })
  fc.assert(
    fc.property(positive, positive, fc.option(positive), (value, low, high) => {
      const text = formatNumber({ ...p99, value, interval: { low, high } })
      expect(text).not.toMatch(/NaN|undefined|\(–|–\)|\( /)
    }),
  )
})
