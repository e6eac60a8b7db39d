import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { lanes, loopbackUrl, targets } from './servers/redis.ts'

describe.each(lanes)('client: %s', (lane) => {
  const workload = 'mixed'
  const options = { client: lane, keys: 200, valueSize: '64B', prefix: 'test:' }

  describe.each(targets)('on $name', ({ start, skipped }) => {
    test.skipIf(skipped).each([1, 16])('half reads, half writes, %i in flight', async (pipelining) => {
      const { open, prepare, audit, sendAll, countOf, bytes } = openFlow(
        driver,
        await start(),
        { ...options, pipelining },
        { workload },
      )
      expect(await prepare()).toEqual({ keys: 200, valueSize: 64, preloaded: true })
      expect(await prepare()).toMatchObject({ preloaded: 'before' })
      const connection = await open()
      expect(connection.streams).toBe(pipelining)
      const counts = countOf(await sendAll(connection, 2_000))
      expect(Object.keys(counts).toSorted()).toEqual(['get hit', 'set ok'])
      expect(counts['get hit']! / 2_000).toBeCloseTo(0.5, 1)
      expect(bytes).toEqual({ sent: counts['set ok']! * 64, received: counts['get hit']! * 64 })
      const [stored, last] = await audit()
      expect(stored).toMatchObject({ status: 'passed', violations: 0 })
      expect(last).toMatchObject({ status: 'passed', violations: 0 })
      expect(stored!.examined).toBeGreaterThan(150)
    })
  })

  test('outcomes are the same objects every time', async () => {
    const { open, prepare, sendAll } = openFlow(driver, await loopbackUrl(), options, { workload })
    await prepare()
    const outcomes = await sendAll(await open(), 500)
    expect(new Set(outcomes).size).toBe(2)
  })

  test('an error reply is an outcome named by its first word', async () => {
    const failing = await loopbackUrl({ failureRate: 1 })
    const { open, sendAll, countOf } = openFlow(driver, failing, options, { workload })
    const outcomes = await sendAll(await open(), 20)
    expect(Object.keys(countOf(outcomes)).toSorted()).toEqual(['get ERR', 'set ERR'])
    expect(outcomes.filter(({ ok }) => ok)).toEqual([])
    for (const { example } of outcomes) expect(example).toBe('ERR requested failure')
  })
})
