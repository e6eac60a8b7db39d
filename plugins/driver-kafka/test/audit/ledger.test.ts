import type { AuditResult } from '@cloudbench/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLedger } from '../../src/audit/ledger.ts'
import { createUnread, type Unread } from '../../src/audit/unread.ts'

interface Sent {
  readonly partition: number
  readonly sequence: number
}

/** Messages of one connection, spread over partitions in batches, as they would be stored. */
const sendings = fc
  .array(fc.record({ partition: fc.nat(3), count: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 2,
    maxLength: 20,
  })
  .map((batches) => {
    let sequence = 0
    return batches.map(({ partition, count }) => {
      const first = sequence
      sequence += count
      return { partition, first, count }
    })
  })

type Batches = readonly { readonly partition: number; readonly first: number; readonly count: number }[]

function judged(batches: Batches, change: (stored: Sent[]) => readonly Sent[]): readonly AuditResult[] {
  const ledger = createLedger()
  const ends = new Map<number, number>()
  const stored = batches.flatMap(({ partition, first, count }) => {
    const offset = ends.get(partition) ?? 0
    ends.set(partition, offset + count)
    ledger.acknowledged(1, { partition, firstSequence: first, count }, offset)
    return Array.from({ length: count }, (_, at) => ({ partition, sequence: first + at }))
  })
  for (const { partition, sequence } of change(stored)) ledger.found(partition, 1, sequence)
  return ledger.findings(createUnread())
}

function keptFrom(offset: number): Unread {
  const unread = createUnread()
  unread.add(0, 0, offset, 'the topic no longer keeps them')
  return unread
}

const statuses = (findings: readonly AuditResult[]): string[] => findings.map(({ status }) => status)

test('messages stored as they were sent pass', () => {
  fc.assert(
    fc.property(sendings, (batches) => {
      expect(statuses(judged(batches, (stored) => stored))).toEqual(['passed', 'passed', 'passed'])
    }),
  )
})

test('a lost message is counted', () => {
  fc.assert(
    fc.property(sendings, fc.nat(), (batches, seed) => {
      const [lost, twice, order] = judged(batches, (stored) =>
        stored.filter((_, at) => at !== seed % stored.length),
      )
      expect(lost).toMatchObject({ status: 'failed', violations: 1 })
      expect(twice).toMatchObject({ violations: 0 })
      expect(order).toMatchObject({ violations: 0 })
    }),
  )
})

test('a repeated message is counted, in any partition', () => {
  fc.assert(
    fc.property(sendings, fc.nat(), fc.nat(3), (batches, seed, partition) => {
      const [lost, twice] = judged(batches, (stored) => [
        ...stored,
        { ...stored[seed % stored.length]!, partition },
      ])
      expect(lost).toMatchObject({ violations: 0 })
      expect(twice).toMatchObject({ status: 'failed', violations: 1 })
    }),
  )
})

test('a message stored after a later one of its partition is out of order', () => {
  fc.assert(
    fc.property(sendings, (batches) => {
      const one = batches.map((batch) => ({ ...batch, partition: 0 }))
      const [lost, twice, order] = judged(one, ([first, ...others]) => [...others, first!])
      expect(lost).toMatchObject({ violations: 0 })
      expect(twice).toMatchObject({ violations: 0 })
      expect(order).toMatchObject({ status: 'failed', violations: 1 })
    }),
  )
})

test('a message that the topic no longer keeps is not lost', () => {
  const ledger = createLedger()
  ledger.acknowledged(1, { partition: 0, firstSequence: 0, count: 10 }, 0)
  ledger.acknowledged(1, { partition: 0, firstSequence: 10, count: 10 }, 10)
  for (let sequence = 10; sequence < 20; sequence++) ledger.found(0, 1, sequence)
  expect(ledger.findings(keptFrom(10)).slice(0, 2)).toEqual([
    { name: 'acknowledged messages are stored', status: 'passed', examined: 10, violations: 0 },
    {
      name: 'acknowledged messages are kept until the audit',
      status: 'skipped',
      examined: 0,
      violations: 0,
      message: '10 acknowledged messages were not examined: the topic no longer keeps them',
    },
  ])
})

test('a batch of which the topic keeps only the end is examined from there', () => {
  const ledger = createLedger()
  ledger.acknowledged(1, { partition: 0, firstSequence: 0, count: 10 }, 0)
  for (let sequence = 4; sequence < 9; sequence++) ledger.found(0, 1, sequence)
  expect(ledger.findings(keptFrom(4)).slice(0, 2)).toMatchObject([
    { status: 'failed', examined: 6, violations: 1 },
    { status: 'skipped', message: expect.stringContaining('4 acknowledged messages were not examined') },
  ])
})

test('with nothing sent, every finding is skipped', () => {
  expect(statuses(createLedger().findings(createUnread()))).toEqual(['skipped', 'skipped', 'skipped'])
})

test('a partition is read from where the first connection found it', () => {
  const ledger = createLedger()
  ledger.begin(0, 7)
  ledger.begin(0, 3)
  ledger.begin(0, 9)
  expect([...ledger.begun()]).toEqual([[0, 3]])
})
