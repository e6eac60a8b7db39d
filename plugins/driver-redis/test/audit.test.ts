import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { createKeyspace } from '../src/payload/keyspace.ts'
import { lanes, loopbackUrl, realRedis, withoutRedis } from './servers/redis.ts'

describe.each(lanes)('client: %s', (lane) => {
  const options = { client: lane, keys: 100, valueSize: '64B', prefix: 'test:', reads: 0 }
  const keyspace = createKeyspace({ ...options, valueSize: 64 })

  test.skipIf(withoutRedis)('finds an acknowledged write that is gone', async () => {
    const { url, client } = await realRedis()
    const { open, prepare, audit, sendAll } = openFlow(driver, url, options)
    await prepare()
    await sendAll(await open(), 300)
    await client.del('test:7', 'test:8')
    const [stored, last] = await audit()
    expect(stored).toMatchObject({ status: 'failed', violations: 2, message: '2 keys are gone' })
    expect(last).toMatchObject({ status: 'passed' })
  })

  test.skipIf(withoutRedis)('finds a value older than the last acknowledged write', async () => {
    const { url, client } = await realRedis()
    const { open, prepare, audit, sendAll } = openFlow(driver, url, options)
    await prepare()
    const connection = await open()
    await sendAll(connection, 300)
    const old = (await client.getBuffer('test:7'))!
    while ((await client.getBuffer('test:7'))!.equals(old)) await sendAll(connection, 300)
    await client.set('test:7', old)
    const [stored, last] = await audit()
    expect(stored).toMatchObject({ status: 'passed' })
    expect(last).toMatchObject({ status: 'failed', violations: 1 })
    expect(last!.message).toMatch(
      /^key 7 has write \d+ of connection 0, but the last acknowledged is \d+ of connection 0$/,
    )
  })

  test.skipIf(withoutRedis)(
    'finds a value of another key, and one that the driver did not write',
    async () => {
      const { url, client } = await realRedis()
      const { open, prepare, audit, sendAll } = openFlow(driver, url, options)
      await prepare()
      await sendAll(await open(), 300)
      await client.set('test:7', keyspace.valueOf(8, 1, 9_000_000_000_000_000))
      await client.set('test:9', 'x')
      expect((await audit())[1]).toMatchObject({ status: 'failed', violations: 2 })
    },
  )

  test('is skipped when nothing was written', async () => {
    const { audit } = openFlow(driver, await loopbackUrl(), options)
    for (const finding of await audit()) expect(finding.status).toBe('skipped')
  })

  test.skipIf(withoutRedis).each([
    ['the value of another key', ['COPY', 'test:8', 'test:7', 'REPLACE'], 'key 7 has the value of key 8'],
    ['a shorter value', ['SET', 'test:7', 'x'], 'key 7 has a value of 1 bytes, not of 64'],
    ['a damaged text', ['SETRANGE', 'test:7', '60', '!'], 'key 7 has a value that was never written to it'],
    ['a damaged header', ['SETRANGE', 'test:7', '20', '!'], 'key 7 has a value that was never written to it'],
  ] as const)('a read that found %s fails the run', async (_what, [command, ...args], message) => {
    const { url, client } = await realRedis()
    const { open, prepare, audit, sendAll, countOf } = openFlow(driver, url, { ...options, reads: '100%' })
    await prepare()
    await client.call(command, ...args)
    const counts = countOf(await sendAll(await open(), 500))
    const violations = counts['get wrong value']!
    expect(violations).toBeGreaterThan(0)
    expect((await audit()).at(-1)).toEqual({
      name: 'reads return what was written',
      status: 'failed',
      examined: 500,
      violations,
      message,
    })
  })
})
