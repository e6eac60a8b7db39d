import type { TaskContext } from '@cloudbench/core'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { lanes, realRedis, withoutRedis } from './servers/redis.ts'

describe.each(lanes)('client: %s', (lane) => {
  const options = { client: lane, keys: 10, preload: false, pipelining: 8, reads: '50%' }

  test.skipIf(withoutRedis)(
    'every request in flight fails when the server is killed, and so does the next',
    async () => {
      const { url, client, kill } = await realRedis()
      const { open, send } = openFlow(driver, url, options)
      const connection = await open()
      await send(connection)
      // no answer leaves the server from now on
      await client.call('CLIENT', 'PAUSE', '60000', 'ALL').catch(() => {})
      const waiting = Array.from({ length: 8 }, (_, index) =>
        send(connection, index).catch((error: unknown) => error),
      )
      await kill()
      for (const failure of await Promise.all(waiting))
        expect((failure as { code?: string }).code).toMatch(/^(CONNECTION_CLOSED|ECONNRESET|EPIPE)$/)
      await expect(send(connection)).rejects.toMatchObject({ code: expect.any(String) as string })
      await connection.close()
    },
  )

  test('a request in flight fails when the loopback closes, and connecting again is refused', async () => {
    const { target, close } = await driver.loopback!({ delayMs: 60_000 })
    const { open, send } = openFlow(driver, target, options)
    const connection = await open()
    const waiting = send(connection).catch((error: unknown) => error)
    await close()
    expect((await waiting) as { code?: string }).toMatchObject({ code: expect.any(String) as string })
    await connection.close()
    await expect(open()).rejects.toThrow(/nothing listens/)
  })

  test.skipIf(withoutRedis)('an idle connection that the server closes says so, in every way', async () => {
    const { url, client, kill } = await realRedis()
    const { open, send, lost } = openFlow(driver, url, options)
    const endings = [
      () => client.config('SET', 'timeout', '1'),
      () => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
      kill,
    ]
    for (const end of endings) {
      const connection = await open()
      await send(connection)
      await end()
      expect(await lost(connection)).toMatchObject({ code: expect.any(String) as string })
      if (end !== kill) await client.config('SET', 'timeout', '0')
    }
  })

  test.skipIf(withoutRedis)(
    'the observer comes back after the server has closed its connection',
    async () => {
      const { url, client } = await realRedis()
      const observer = await driver.workloads!['mixed']!.observe!({
        options: { connectTimeoutMs: 5_000 },
        target: url,
        signal: new AbortController().signal,
      } as TaskContext)
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      await expect
        .poll(() => Promise.resolve(observer.read()).then(Object.keys, () => []), { timeout: 20_000 })
        .toContain('cache.hits')
      const others = async (): Promise<number> =>
        String(await client.client('LIST'))
          .trim()
          .split('\n').length - 1
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      await expect.poll(others, { timeout: 20_000 }).toBe(0)
      // readings that overlap share the new connection
      await expect
        .poll(() => Promise.all([observer.read(), observer.read()]).then(others, () => 0), {
          timeout: 20_000,
        })
        .toBe(1)
      await observer.close()
    },
  )
})
