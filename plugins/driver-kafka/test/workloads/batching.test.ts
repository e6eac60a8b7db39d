import { setImmediate as turn } from 'node:timers/promises'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test, vi } from 'vitest'
import driver from '../../src/index.ts'
import { api } from '../../src/wire/api.ts'
import { producedIn, scriptedBroker, until } from '../servers/scripted.ts'

/** A broker that notes how many messages each batch has, and may hold its answers back. */
async function noting(options: Record<string, unknown>, isHeld = false) {
  const counts: number[] = []
  const held: (() => void)[] = []
  const { url } = await scriptedBroker({
    take(request, pass) {
      if (request.key !== api.produce.key) return false
      counts.push(producedIn(request).count)
      if (isHeld) held.push(pass)
      return isHeld
    },
  })
  const made = openFlow(driver, url, options)
  await made.prepare()
  return { ...made, counts, held }
}

const patient = { lingerMs: '60m', compression: 'none', idempotent: false } as const

test('a batch that is full is sent at once, and the rest waits', async () => {
  const { open, counts, send, countOf } = await noting({ ...patient, batchSize: '4000B' })
  const connection = await open()
  const sent = Array.from({ length: 7 }, (_, index) => send(connection, index))
  expect(countOf(await Promise.all(sent.slice(0, 6)))).toEqual({ stored: 6 })
  expect(counts).toEqual([3, 3])
  sent[6]!.catch(() => {})
})

test('a message larger than a batch travels alone', async () => {
  const { open, counts, sendAll, countOf } = await noting({ ...patient, batchSize: '100B' })
  expect(countOf(await sendAll(await open(), 3))).toEqual({ stored: 3 })
  expect(counts).toEqual([1, 1, 1])
})

test('a batch is sent at once when all messages that may be in flight have come', async () => {
  const { open, counts, sendAll, countOf } = await noting({ ...patient, inFlight: 5 })
  expect(countOf(await sendAll(await open(), 20))).toEqual({ stored: 20 })
  expect(counts).toEqual([5, 5, 5, 5])
})

test('without linger, messages of one turn travel together', async () => {
  const { open, counts, send } = await noting({ ...patient, lingerMs: 0 })
  const connection = await open()
  await Promise.all([0, 1, 2].map((index) => send(connection, index)))
  await send(connection, 3)
  expect(counts).toEqual([3, 1])
})

test('a message that lingers is sent when its time is over', async () => {
  const { open, counts, send } = await noting({ ...patient, lingerMs: '20ms' })
  const connection = await open()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const sent = [send(connection, 0), send(connection, 1)]
    vi.advanceTimersByTime(19)
    await turn()
    expect(counts).toEqual([])
    vi.advanceTimersByTime(1)
    await Promise.all(sent)
    expect(counts).toEqual([2])
  } finally {
    vi.useRealTimers()
  }
})

test('while too many batches are in flight, the next one keeps filling up', async () => {
  const { open, counts, held, send } = await noting({ ...patient, lingerMs: 0, batchesInFlight: 1 }, true)
  const connection = await open()
  const answers: Promise<unknown>[] = []
  for (let index = 0; index < 6; index++) {
    answers.push(send(connection, index))
    await turn()
  }
  await until(() => held.length === 1)
  expect(counts).toEqual([1])
  held[0]!()
  await until(() => held.length === 2)
  expect(counts).toEqual([1, 5])
  held[1]!()
  expect(await Promise.all(answers)).toHaveLength(6)
})
