import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { createKeyspace } from '../src/payload/keyspace.ts'
import { loopbackUrl, realRedis, withoutRedis } from './servers/redis.ts'

const options = { keys: 100, valueSize: '64B', prefix: 'test:', reads: 0 }
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

test.skipIf(withoutRedis)('finds a value of another key, and one that the driver did not write', async () => {
  const { url, client } = await realRedis()
  const { open, prepare, audit, sendAll } = openFlow(driver, url, options)
  await prepare()
  await sendAll(await open(), 300)
  await client.set('test:7', keyspace.valueOf(8, 1, 9_000_000_000_000_000))
  await client.set('test:9', 'x')
  expect((await audit())[1]).toMatchObject({ status: 'failed', violations: 2 })
})

test('is skipped when nothing was written', async () => {
  const { audit } = openFlow(driver, await loopbackUrl(), options)
  for (const finding of await audit()) expect(finding.status).toBe('skipped')
})
