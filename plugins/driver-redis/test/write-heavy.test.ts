import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { lanes, realRedis, targets, withoutRedis } from './servers/redis.ts'

describe.each(lanes)('client: %s', (lane) => {
  const workload = 'write-heavy'
  const options = { client: lane, keys: 100, valueSize: '64B', prefix: 'test:' }

  describe.each(targets)('on $name', ({ start, skipped }) => {
    test.skipIf(skipped)('nine of ten requests are writes', async () => {
      const { open, prepare, sendAll, countOf, bytes } = openFlow(driver, await start(), options, {
        workload,
      })
      await prepare()
      const counts = countOf(await sendAll(await open(), 2_000))
      expect(Object.keys(counts).toSorted()).toEqual(['get hit', 'set ok'])
      expect(counts['set ok']! / 2_000).toBeCloseTo(0.9, 1)
      expect(bytes.sent).toBe(counts['set ok']! * 64)
    })
  })

  test.skipIf(withoutRedis)(
    'several connections write to their own keys, and every write is stored',
    async () => {
      const { url } = await realRedis()
      const load = { ...options, pipelining: 8, distribution: 'zipf' }
      const { open, prepare, audit, sendAll } = openFlow(driver, url, load, { workload })
      await prepare()
      const connections = await Promise.all([0, 1, 2].map((index) => open(index, 3)))
      await Promise.all(connections.map((connection) => sendAll(connection, 1_000)))
      for (const finding of await audit()) expect(finding).toMatchObject({ status: 'passed', violations: 0 })
    },
  )

  test('fewer keys than connections are refused, because each connection needs its own', async () => {
    const { open } = openFlow(driver, 'redis://127.0.0.1:1', { ...options, keys: 2 }, { workload })
    await expect(open(0, 3)).rejects.toThrow(
      /3 connections cannot each have their own keys to write when there are only 2 keys/,
    )
  })
})
