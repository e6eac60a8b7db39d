import { describe, expect, test } from 'vitest'
import { countOf, flow, send, sendAll } from './context.ts'
import { realRedis, targets, withoutRedis } from './servers/redis.ts'

const options = { keys: 200, valueSize: 64, prefix: 'test:' }

describe.each(targets)('on $name', ({ start, skipped }) => {
  test.skipIf(skipped)('nine of ten requests are reads', async () => {
    const { open, prepare } = flow(await start(), options)
    await prepare()
    const counts = countOf(await sendAll(await open(), 2_000))
    expect(Object.keys(counts).toSorted()).toEqual(['get hit', 'set ok'])
    expect(counts['get hit']! / 2_000).toBeCloseTo(0.9, 1)
  })

  test.skipIf(skipped)('a miss is an error only after a preload', async () => {
    const url = await start()
    for (const preload of [false, true]) {
      const connection = await flow(url, { ...options, preload, reads: 1 }).open()
      const outcomes = await sendAll(connection, 10)
      expect(countOf(outcomes)).toEqual({ 'get miss': 10 })
      expect(outcomes.every(({ ok }) => ok === !preload)).toBe(true)
    }
  })

  test.skipIf(skipped)('the server counts hits and misses of its cache', async () => {
    const url = await start()
    const { open, prepare, observe } = flow(url, { ...options, reads: 1 })
    await prepare()
    const before = await observe()
    await sendAll(await open(), 100)
    await sendAll(await flow(url, { ...options, prefix: 'other:', reads: 1 }).open(), 10)
    const after = await observe()
    expect(after['cache.hits']! - before['cache.hits']!).toBe(100)
    expect(after['cache.misses']! - before['cache.misses']!).toBe(10)
  })
})

test.skipIf(withoutRedis)('a value that differs from what was written is an error', async () => {
  const { url, client } = await realRedis()
  const { open, prepare } = flow(url, { ...options, reads: 1, keys: 1 })
  await prepare()
  const connection = await open()
  expect(await send(connection)).toMatchObject({ name: 'hit', ok: true })
  await client.setrange('test:0', 60, '!')
  expect(await send(connection)).toMatchObject({ name: 'wrong value', ok: false })
  const unverified = await flow(url, { ...options, reads: 1, keys: 1, verify: false }).open()
  expect(countOf([await send(unverified)])).toEqual({ 'get hit': 1 })
})
