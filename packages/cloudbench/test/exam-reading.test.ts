import { expect, test } from 'vitest'
import { isRight, line, markOf, type Reading } from '../exam/reading.ts'

const reading = (value: number, tolerance: Reading['tolerance']): Reading => ({
  name: 'p50',
  truth: 1_000,
  reading: value,
  unit: 'ms',
  tolerance,
})

test('a reading is right within its share or its absolute tolerance, whichever is more', () => {
  expect(isRight(reading(1_019, { share: 0.02, absolute: 15 }))).toBe(true)
  expect(isRight(reading(1_021, { share: 0.02, absolute: 15 }))).toBe(false)
  expect(isRight(reading(985, { absolute: 15 }))).toBe(true)
  expect(isRight(reading(984, { absolute: 15 }))).toBe(false)
  expect(isRight(reading(1_000, {}))).toBe(true)
  expect(isRight(reading(999, {}))).toBe(false)
})

test('NaN is wrong', () => {
  expect(isRight(reading(Number.NaN, { absolute: 1e9 }))).toBe(false)
})

test('the truth is printed beside the reading', () => {
  expect(line(reading(990, { absolute: 15 }))).toMatch(/✓ p50 +truth +1000\.000 ms +reading +990\.000 ms/)
  expect(line(reading(900, { absolute: 15 }))).toContain('✗')
})

test('a miss of a measurement that calls itself invalid is not a wrong one, and says why', () => {
  const doubt = 'the tool calls it invalid: GENERATOR_LAG'
  const missed = reading(900, { absolute: 15 })
  expect(markOf(missed)).toBe('wrong')
  expect(markOf({ ...missed, doubt })).toBe('doubtful')
  expect(line({ ...missed, doubt })).toMatch(
    /\? p50 .* within 15\.000 ms +the tool calls it invalid: GENERATOR_LAG$/,
  )
  expect(markOf({ ...reading(1_000, {}), doubt })).toBe('right')
  expect(line({ ...reading(1_000, {}), doubt })).not.toContain('invalid')
})
