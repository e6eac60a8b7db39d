import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { realRedis, withoutRedis } from './server.ts'

const options = { keys: 200, valueSize: 64, reads: '75%', prefix: 'test:' }

/** The same against the real thing and against the loopback, which must not differ. */
const targets = {
  'a real Redis': async () => (await realRedis()).url,
  'the loopback': async () => (await driver.loopback!({})).target,
}

describe.each(Object.keys(targets) as (keyof typeof targets)[])('on %s', (name) => {
  const skipped = name === 'a real Redis' && withoutRedis

  test.skipIf(skipped).each([1, 16])(
    'preloaded keys are hit and written, %i in flight',
    async (pipelining) => {
      const { open, prepare, audit, sendAll, countOf, bytes } = openFlow(driver, await targets[name](), {
        ...options,
        pipelining,
      })
      expect(await prepare()).toEqual({ keys: 200, valueSize: 64, preloaded: true })
      expect(await prepare()).toMatchObject({ preloaded: 'before' })
      const connection = await open()
      expect(connection.streams).toBe(pipelining)
      const counts = countOf(await sendAll(connection, 2_000))
      expect(Object.keys(counts).toSorted()).toEqual(['get hit', 'set ok'])
      expect(counts['get hit']! / 2_000).toBeCloseTo(0.75, 1)
      expect(bytes).toEqual({ sent: counts['set ok']! * 64, received: counts['get hit']! * 64 })
      const [stored, last] = await audit()
      expect(stored).toMatchObject({ status: 'passed', violations: 0 })
      expect(last).toMatchObject({ status: 'passed', violations: 0 })
      expect(stored!.examined).toBeGreaterThan(150)
    },
  )

  test.skipIf(skipped)('without preload a miss is no error, with it it is', async () => {
    const url = await targets[name]()
    for (const preload of [false, true]) {
      const { open, sendAll, countOf } = openFlow(driver, url, { ...options, preload, reads: 1 })
      const outcomes = await sendAll(await open(), 10)
      expect(countOf(outcomes)).toEqual({ 'get miss': 10 })
      expect(outcomes.every(({ ok }) => ok === !preload)).toBe(true)
    }
  })

  test.skipIf(skipped)('hits and misses are what the server has counted', async () => {
    const { open, prepare, observe, sendAll } = openFlow(driver, await targets[name](), {
      ...options,
      reads: 1,
    })
    await prepare()
    const before = await observe()
    await sendAll(await open(), 100)
    const after = await observe()
    expect(after['keyspace_hits']! - before['keyspace_hits']!).toBe(100)
    expect(after['keyspace_misses']! - before['keyspace_misses']!).toBe(0)
  })
})

test('outcomes are the same objects every time', async () => {
  const { open, prepare, sendAll } = openFlow(driver, (await driver.loopback!({})).target, options)
  await prepare()
  const outcomes = await sendAll(await open(), 500)
  expect(new Set(outcomes).size).toBe(2)
})

test('a failure that the server reports is an outcome under its first word', async () => {
  const { open, sendAll, countOf } = openFlow(driver, (await driver.loopback!({ failureRate: 1 })).target, {
    ...options,
    reads: 1,
  })
  const outcomes = await sendAll(await open(), 3)
  expect(countOf(outcomes)).toEqual({ 'get ERR': 3 })
  expect(outcomes[0]!.ok).toBe(false)
})
