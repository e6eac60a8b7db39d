import { expect, test } from 'vitest'
import { finding } from '../../src/audit/finding.ts'

test('a finding fails with its first violation, and says what is wrong', () => {
  expect(finding('writes are stored', 10, 1, '1 is gone', 'none expired')).toEqual({
    name: 'writes are stored',
    status: 'failed',
    examined: 10,
    violations: 1,
    message: '1 is gone',
  })
})

test('without a violation it passes, and only a note is told', () => {
  const passed = { name: 'writes are stored', status: 'passed', examined: 10, violations: 0 }
  expect(finding('writes are stored', 10, 0, '0 are gone')).toEqual(passed)
  expect(finding('writes are stored', 10, 0, '0 are gone', '3 expired')).toEqual({
    ...passed,
    message: '3 expired',
  })
})

test('without anything to examine it is skipped', () => {
  expect(finding('writes are stored', 0, 0, '0 are gone').status).toBe('skipped')
})
