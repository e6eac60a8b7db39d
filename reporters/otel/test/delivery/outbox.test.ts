import { assert, array, asyncProperty, constantFrom, integer } from 'fast-check'
import { expect, test } from 'vitest'
import { Outbox, type OutboxOptions } from '../../src/delivery/outbox.ts'
import type { Verdict } from '../../src/delivery/verdict.ts'

const taken: Verdict = { lost: 0, isLater: false }
const busy: Verdict = { lost: 0, isLater: true, why: 'it is busy' }
const plentyMs = 60_000

function outboxOf(send: OutboxOptions<number>['send'], limits: Partial<OutboxOptions<number>> = {}) {
  const warnings: string[] = []
  const outbox = new Outbox<number>({
    what: 'numbers',
    where: 'there',
    batch: 10,
    capacity: 1_000,
    send,
    warn: (text) => void warnings.push(text),
    redact: (text) => text.replaceAll('hush', '***'),
    ...limits,
  })
  return { outbox, warnings }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

test('everything goes out in its order, in batches', async () => {
  const sent: (readonly number[])[] = []
  const { outbox } = outboxOf(async (items) => {
    sent.push(items)
    return taken
  })
  outbox.add(upTo(25))
  await outbox.deliver(plentyMs)
  await outbox.finish(plentyMs)
  expect(sent.map(({ length }) => length)).toEqual([10, 10, 5])
  expect(sent.flat()).toEqual(upTo(25))
})

test('what could not be taken waits, and goes first', async () => {
  const sent: number[] = []
  let isBusy = true
  const { outbox } = outboxOf(async (items) => {
    if (isBusy) return busy
    sent.push(...items)
    return taken
  })
  outbox.add([1, 2])
  await outbox.deliver(plentyMs)
  isBusy = false
  outbox.add([3])
  await outbox.finish(plentyMs)
  expect(sent).toEqual([1, 2, 3])
})

test('a loss is told once, and at the end what was lost since', async () => {
  const { outbox } = outboxOf(async ({ length }) => ({ lost: length, isLater: false, why: 'it says hush' }))
  outbox.add([1, 2])
  await expect(outbox.deliver(plentyMs)).rejects.toThrow('2 of 2 numbers so far are lost: there: it says ***')
  outbox.add([3])
  await outbox.deliver(plentyMs)
  await expect(outbox.finish(plentyMs)).rejects.toThrow('3 of 3 numbers so far are lost')
})

test('a loss that was told is not told again', async () => {
  let isFirst = true
  const { outbox } = outboxOf(async () => {
    const verdict = isFirst ? { lost: 1, isLater: false, why: 'no' } : taken
    isFirst = false
    return verdict
  })
  outbox.add([1, 2])
  await expect(outbox.deliver(plentyMs)).rejects.toThrow('1 of 2')
  outbox.add([3])
  await outbox.finish(plentyMs)
})

test('more than may wait: the oldest are lost, and counted', async () => {
  const { outbox } = outboxOf(async () => busy, { capacity: 3 })
  outbox.add([1, 2])
  await outbox.deliver(plentyMs)
  outbox.add([3, 4])
  await expect(outbox.deliver(plentyMs)).rejects.toThrow('1 of 4 numbers so far are lost')
})

test('a receiver that never answers holds up no one, and everything is lost in the end', async () => {
  const { outbox } = outboxOf(() => new Promise(() => {}))
  outbox.add([1, 2])
  await outbox.deliver(1)
  outbox.add([3])
  await expect(outbox.finish(1)).rejects.toThrow('3 of 3 numbers so far are lost: there: no answer in time')
})

test('a remark without a loss is a warning', async () => {
  const { outbox, warnings } = outboxOf(async () => ({ ...taken, why: 'use a newer one' }))
  outbox.add([1])
  await outbox.finish(plentyMs)
  expect(warnings).toEqual(['use a newer one'])
})

test('whatever a receiver does, what it took and what is told to be lost are all there was', async () => {
  const answers = array(constantFrom<'taken' | 'busy' | 'part' | 'none'>('taken', 'busy', 'part', 'none'))
  await assert(
    asyncProperty(array(integer({ min: 0, max: 30 }), { maxLength: 8 }), answers, async (rounds, script) => {
      const left = [...script]
      let arrived = 0
      const { outbox } = outboxOf(
        async ({ length }) => {
          const answer = left.shift() ?? 'taken'
          if (answer === 'busy') return busy
          const lost = answer === 'none' ? length : answer === 'part' ? Math.floor(length / 2) : 0
          arrived += length - lost
          return { lost, isLater: false, ...(lost > 0 && { why: 'no' }) }
        },
        { capacity: 40 },
      )
      let told = 0
      const note = (error: unknown): void =>
        void (told = Number(/^(\d+) of/.exec((error as Error).message)![1]))
      for (const count of rounds) {
        outbox.add(upTo(count))
        await outbox.deliver(plentyMs).catch(note)
      }
      await outbox.finish(plentyMs).catch(note)
      expect(arrived + told).toBe(rounds.reduce((sum, count) => sum + count, 0))
    }),
  )
})
