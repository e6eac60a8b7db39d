import { expect, test } from 'vitest'
import { isRight, line, type Reading } from '../exam/reading.ts'

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
