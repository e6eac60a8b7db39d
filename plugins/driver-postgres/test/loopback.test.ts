import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { loopbackTarget } from './servers/loopback.ts'

test('it dies after as many requests as it was told to', async () => {
  const target = await loopbackTarget({ dieAfterRequests: 2 })
  const { open, send, sendAll, countOf } = openFlow(driver, target, { preload: false, rows: 10 })
  const connection = await open()
  expect(countOf(await sendAll(connection, 2))).toEqual({ 'select no row': 2 })
  await expect(send(connection)).rejects.toMatchObject({ code: expect.any(String) as string })
  await connection.close()
  await expect(open()).rejects.toThrow(/nothing listens/)
})

test('it serves as many requests per second as it was told to', async () => {
  const target = await loopbackTarget({ capacityPerSecond: 1_000 })
  const options = { preload: false, rows: 10, pipelining: 10 }
  const { open, sendAll, countOf } = openFlow(driver, target, options)
  const connection = await open()
  const startMs = performance.now()
  expect(countOf(await sendAll(connection, 100))).toEqual({ 'select no row': 100 })
  expect(performance.now() - startMs).toBeGreaterThan(95)
})

test('it reports requested failures', async () => {
  const { open, sendAll, countOf } = openFlow(driver, await loopbackTarget({ failureRate: 1 }), {
    pipelining: 4,
  })
  const outcomes = await sendAll(await open(), 20)
  expect(countOf(outcomes)).toEqual({ 'select P0001': 20 })
  expect(outcomes[0]!.ok).toBe(false)
})
