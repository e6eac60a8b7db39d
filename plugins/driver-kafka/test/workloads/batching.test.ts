import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { api } from '../../src/wire/api.ts'
import { flow } from '../fixtures/context.ts'
import { producedIn, scriptedBroker, until } from '../servers/scripted.ts'
import { countOf, send, sendAll } from '../fixtures/send.ts'

/** A broker that notes how many messages each batch has, and, if it is asked to, answers when it is told to. */
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
  const made = flow(url, options)
  await made.prepare()
  return { ...made, counts, held }
}

const patient = { lingerMs: '60m', compression: 'none', idempotent: false } as const

test('a batch that is full is sent at once, and the rest waits', async () => {
  const { open, counts } = await noting({ ...patient, batchSize: 4_000 })
  const connection = await open()
  const sent = Array.from({ length: 7 }, (_, index) => send(connection, index))
  expect(countOf(await Promise.all(sent.slice(0, 6)))).toEqual({ stored: 6 })
  expect(counts).toEqual([3, 3])
  sent[6]!.catch(() => {})
})

test('a message larger than a batch travels alone', async () => {
  const { open, counts } = await noting({ ...patient, batchSize: 100 })
  expect(countOf(await sendAll(await open(), 3))).toEqual({ stored: 3 })
  expect(counts).toEqual([1, 1, 1])
})

test('when nobody else can come, nobody is waited for', async () => {
  const { open, counts } = await noting({ ...patient, inFlight: 5 })
  expect(countOf(await sendAll(await open(), 20))).toEqual({ stored: 20 })
  expect(counts).toEqual([5, 5, 5, 5])
})

test('without linger, what comes in one turn travels together', async () => {
  const { open, counts } = await noting({ ...patient, lingerMs: 0 })
  const connection = await open()
  await Promise.all([0, 1, 2].map((index) => send(connection, index)))
  await send(connection, 3)
  expect(counts).toEqual([3, 1])
})

test('a message that lingers is sent when its time is over', async () => {
  const { open, counts } = await noting({ ...patient, lingerMs: 20 })
  const connection = await open()
  const startMs = performance.now()
  await Promise.all([send(connection, 0), send(connection, 1)])
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(19)
  expect(counts).toEqual([2])
})

test('as long as too many batches are under way, the next one goes on filling up', async () => {
  const { open, counts, held } = await noting({ ...patient, lingerMs: 0, batchesInFlight: 1 }, true)
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
