import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { canary, pauseAfterMs } from '../src/canary/canary.ts'

/** Reads until there is a result. */
async function resultOf(source: ReturnType<typeof canary>): Promise<number> {
  for (;;) {
    const { 'cpu.canaryNs': ns } = await source.read([])
    if (ns !== undefined) return ns
    await wait(20)
  }
}

test('the first sample lets it begin, and a later one has the result', async () => {
  const source = canary()
  onTestFinished(() => source.close?.())
  expect(await source.read([])).toEqual({ 'cpu.canaryNs': undefined })
  expect(await resultOf(source)).toBeGreaterThan(0)
})

test('between two results it sleeps as long as it has been watching, at least 5 s and at most 30 s', () => {
  expect([0, 5_000, 10_000, 20_000, 40_000, 3_600_000].map(pauseAfterMs)).toEqual([
    5_000, 5_000, 10_000, 20_000, 30_000, 30_000,
  ])
})

test('until it is due, no sample lets it work', async () => {
  let nowMs = 0
  const source = canary(() => nowMs)
  onTestFinished(() => source.close?.())
  const first = await resultOf(source)
  nowMs = 4_999
  await source.read([])
  await wait(200)
  expect(await source.read([])).toEqual({ 'cpu.canaryNs': first })
})

test('once closed it has nothing to say, and its thread is gone', async () => {
  const source = canary()
  await resultOf(source)
  await source.close?.()
  expect(await source.read([])).toEqual({ 'cpu.canaryNs': undefined })
})

test('it can be closed while it works', async () => {
  const source = canary()
  await source.read([])
  await expect(source.close?.()).resolves.toBeUndefined()
})
