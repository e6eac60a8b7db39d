import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { createKeyspace } from '../../src/payload/keyspace.ts'
import { realRedis, withoutRedis } from '../servers/redis.ts'

test.skipIf(withoutRedis)('cleanup removes what was preloaded and nothing else', async () => {
  const { url, client } = await realRedis()
  await client.set('test:other', 'mine')
  const { prepare, cleanup } = openFlow(driver, url, { keys: 2_500, prefix: 'test:' })
  await prepare()
  expect(await client.dbsize()).toBe(2_501)
  await cleanup()
  expect(await client.keys('*')).toEqual(['test:other'])
})

describe.skipIf(withoutRedis)('between two runs', () => {
  const options = { keys: 2_500, prefix: 'test:' }
  const damages: readonly (readonly [string, (index: number) => string[], number])[] = [
    ['half of the keys are deleted', (index) => ['DEL', `test:${index}`], 1_250],
    ['half of the values become shorter', (index) => ['SET', `test:${index}`, 'short'], 1_250],
    ['half of the keys become lists', (index) => ['EVAL', listInstead, '1', `test:${index}`], 1_250],
    // a value of the right size is found by the sample, which has its whole batch written again
    ['values of the right size are foreign', (index) => ['SET', `test:${index}`, 'x'.repeat(100)], 2_500],
  ]

  test.each(damages)('%s: what is missing or wrong is written again', async (_, damage, expected) => {
    const { url, client } = await realRedis()
    const { prepare } = openFlow(driver, url, options)
    expect(await prepare()).toMatchObject({ preloaded: true })
    expect(await prepare()).toMatchObject({ preloaded: 'before' })
    for (let index = 0; index < options.keys; index += 2)
      await client.call(...(damage(index) as [string, ...string[]]))
    await client.config('RESETSTAT')
    expect(await prepare()).toMatchObject({ preloaded: true })
    expect(Number(/cmdstat_set:calls=(\d+)/.exec(await client.info('commandstats'))?.[1])).toBe(expected)
    const values = await client.mget(Array.from({ length: options.keys }, (__, index) => `test:${index}`))
    const keyspace = createKeyspace({ ...options, valueSize: 100 })
    expect(values.filter((value, index) => value !== keyspace.valueOf(index, 0, 0))).toEqual([])
    expect(await prepare()).toMatchObject({ preloaded: 'before' })
  })

  test('what the load has written is left alone', async () => {
    const { url, client } = await realRedis()
    const { prepare, open, sendAll } = openFlow(driver, url, { keys: 50, prefix: 'test:', reads: '0%' })
    await prepare()
    await sendAll(await open(), 200)
    const written = await client.get('test:7')
    expect(await prepare()).toMatchObject({ preloaded: 'before' })
    expect(await client.get('test:7')).toBe(written)
  })
})

const listInstead = "redis.call('DEL', KEYS[1]) return redis.call('RPUSH', KEYS[1], 'x')"
