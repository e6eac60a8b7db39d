import { openFlow } from '@cloudbench/testkit/flow'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { loopbackUrl } from './servers/redis.ts'

test('dies by itself when told to', async () => {
  const { open } = openFlow(driver, await loopbackUrl({ dieAfterMs: 1 }))
  await expect.poll(() => open().catch(String), { timeout: 20_000 }).toMatch(/nothing listens/)
})

test('an unknown command is an error reply, and the connection stays open', async () => {
  const client = new Redis(await loopbackUrl(), { retryStrategy: null })
  await expect(client.call('FLUSHALL')).rejects.toThrow("ERR unknown command 'FLUSHALL'")
  expect(await client.ping()).toBe('PONG')
  client.disconnect()
})
