import { openFlow, testTrace } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { lanes, realRedis, targets, withoutRedis } from './servers/redis.ts'

describe.each(lanes)('client: %s', (lane) => {
  const options = { client: lane, keys: 20 }
  const given = { trace: testTrace }

  test.skipIf(withoutRedis)(
    'connections have the name of the run, since requests have no place for more',
    async () => {
      const { url, client } = await realRedis()
      const flow = openFlow(driver, url, options, given)
      await flow.prepare()
      const connections = await Promise.all([flow.open(0, 2), flow.open(1, 2)])
      const named = async (): Promise<number> =>
        String(await client.client('LIST')).match(/ name=cloudbench:test-run /g)?.length ?? 0
      expect(await named()).toBe(2)
      for (const connection of connections)
        expect((await flow.sendAll(connection, 20)).every(({ ok }) => ok)).toBe(true)
      const plain = openFlow(driver, url, options)
      await plain.open()
      expect(await named()).toBe(2)
    },
  )

  test.skipIf(withoutRedis)('a server that refuses the name takes the load all the same', async () => {
    const { url, client } = await realRedis()
    await client.call('ACL', 'SETUSER', 'nameless', 'on', '>pw', '~*', '+@all', '-client')
    const { host } = new URL(url)
    const flow = openFlow(driver, `redis://nameless:pw@${host}`, options, given)
    await flow.prepare()
    expect((await flow.sendAll(await flow.open(), 20)).every(({ ok }) => ok)).toBe(true)
    expect(String(await client.client('LIST'))).not.toContain('name=cloudbench:')
  })

  test.each(targets.filter(({ skipped }) => !skipped))(
    'on $name, requests are answered as ever',
    async ({ start }) => {
      const flow = openFlow(driver, await start(), options, given)
      await flow.prepare()
      expect((await flow.sendAll(await flow.open(), 20)).every(({ ok }) => ok)).toBe(true)
    },
  )
})
