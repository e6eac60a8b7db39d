import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { lanes, realRedis, targets, withoutRedis } from './servers/redis.ts'

describe.each(lanes)('client: %s', (lane) => {
  const options = { client: lane, keys: 200, valueSize: '64B', prefix: 'test:' }

  describe.each(targets)('on $name', ({ start, skipped }) => {
    test.skipIf(skipped)('nine of ten requests are reads', async () => {
      const { open, prepare, sendAll, countOf } = openFlow(driver, await start(), options)
      await prepare()
      const counts = countOf(await sendAll(await open(), 2_000))
      expect(Object.keys(counts).toSorted()).toEqual(['get hit', 'set ok'])
      expect(counts['get hit']! / 2_000).toBeCloseTo(0.9, 1)
    })

    test.skipIf(skipped)('a miss is an error only after a preload', async () => {
      const url = await start()
      for (const preload of [false, true]) {
        const { open, sendAll, countOf } = openFlow(driver, url, { ...options, preload, reads: '100%' })
        const outcomes = await sendAll(await open(), 10)
        expect(countOf(outcomes)).toEqual({ 'get miss': 10 })
        expect(outcomes.every(({ ok }) => ok === !preload)).toBe(true)
      }
    })

    test.skipIf(skipped)('the server counts hits and misses of its cache', async () => {
      const url = await start()
      const { open, prepare, observe, sendAll } = openFlow(driver, url, { ...options, reads: '100%' })
      await prepare()
      const before = await observe()
      await sendAll(await open(), 100)
      const missing = openFlow(driver, url, { ...options, prefix: 'other:', reads: '100%' })
      await missing.sendAll(await missing.open(), 10)
      const after = await observe()
      expect(after['cache.hits']! - before['cache.hits']!).toBe(100)
      expect(after['cache.misses']! - before['cache.misses']!).toBe(10)
    })
  })

  test.skipIf(withoutRedis)('a value that differs from what was written is an error', async () => {
    const { url, client } = await realRedis()
    const { open, prepare, send } = openFlow(driver, url, { ...options, reads: '100%', keys: 1 })
    await prepare()
    const connection = await open()
    expect(await send(connection)).toMatchObject({ name: 'hit', ok: true })
    await client.setrange('test:0', 60, '!')
    expect(await send(connection)).toMatchObject({ name: 'wrong value', ok: false })
    const unverified = openFlow(driver, url, { ...options, reads: '100%', keys: 1, verify: false })
    expect(await unverified.send(await unverified.open())).toMatchObject({ operation: 'get', name: 'hit' })
  })
})
