import { expect, test } from 'vitest'
import { createLedger } from '../../src/audit/ledger.ts'

/** Write 7 by connection 1 of key 3 was acknowledged. */
function ledgerOfOneWrite() {
  const ledger = createLedger(10)
  ledger.acknowledged(3, 1, 7)
  return ledger
}

test.each([
  ['the acknowledged write', { index: 3, writer: 1, sequence: 7 }, 0],
  ['a later write of the same connection', { index: 3, writer: 1, sequence: 8 }, 0],
  ['an earlier write', { index: 3, writer: 1, sequence: 6 }, 1],
  ['a write of another connection', { index: 3, writer: 2, sequence: 7 }, 1],
  ['a write to another key', { index: 4, writer: 1, sequence: 7 }, 1],
])('%s is stored: %j', (_what, stored, violations) => {
  const ledger = ledgerOfOneWrite()
  expect(ledger.written()).toEqual([3])
  ledger.compare(3, stored)
  expect(ledger.findings().map((finding) => finding.violations)).toEqual([0, violations])
})

test('a lost write may arrive later, so any value of its key is accepted', () => {
  const ledger = ledgerOfOneWrite()
  ledger.lost(3)
  ledger.compare(3, { index: 3, writer: 2, sequence: 1 })
  expect(ledger.findings().every(({ status }) => status === 'passed')).toBe(true)
})

test('of more than a million keys only the first million are audited', () => {
  const ledger = createLedger(2_000_000)
  ledger.acknowledged(999_999, 1, 7)
  ledger.acknowledged(1_000_000, 1, 8)
  expect(ledger.written()).toEqual([999_999])
})
