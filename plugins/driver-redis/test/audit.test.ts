import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { createKeyspace } from '../src/keyspace.ts'
import { realRedis, withoutRedis } from './server.ts'

const options = { keys: 100, valueSize: 64, prefix: 'test:', reads: 0 }
const keyspace = createKeyspace(options)

test.skipIf(withoutRedis)('an acknowledged write that is gone is found', async () => {
  const { url, client } = await realRedis()
  const { open, prepare, audit, sendAll } = openFlow(driver, url, options)
  await prepare()
  await sendAll(await open(), 300)
  await client.del('test:7', 'test:8')
  const [stored, last] = await audit()
  expect(stored).toMatchObject({ status: 'failed', violations: 2, message: '2 keys are gone' })
  expect(last).toMatchObject({ status: 'passed' })
})

test.skipIf(withoutRedis)('a value that is older than the last acknowledged write is found', async () => {
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
  expect(last!.message).toMatch(/^key 7 has write \d+ of connection 0, and \d+ of 0 was acknowledged$/)
})

test.skipIf(withoutRedis)('a value of another key, and one that nobody wrote, is found', async () => {
  const { url, client } = await realRedis()
  const { open, prepare, audit, sendAll } = openFlow(driver, url, options)
  await prepare()
  await sendAll(await open(), 300)
  await client.set('test:7', keyspace.valueOf(8, 1, 9_000_000_000_000_000))
  await client.set('test:9', 'x')
  expect((await audit())[1]).toMatchObject({ status: 'failed', violations: 2 })
})

test.skipIf(withoutRedis)('several connections write to keys of their own, and all is well', async () => {
  const { url } = await realRedis()
  const { open, prepare, audit, sendAll } = openFlow(driver, url, {
    ...options,
    pipelining: 8,
    distribution: 'zipf',
  })
  await prepare()
  const connections = await Promise.all([0, 1, 2].map((index) => open(index, 3)))
  await Promise.all(connections.map((connection) => sendAll(connection, 1_000)))
  for (const finding of await audit()) expect(finding).toMatchObject({ status: 'passed', violations: 0 })
})

test.skipIf(withoutRedis)('a value read that is not what was written is an error at once', async () => {
  const { url, client } = await realRedis()
  const { open, prepare, send } = openFlow(driver, url, { ...options, reads: 1, keys: 1 })
  await prepare()
  const connection = await open()
  expect(await send(connection)).toMatchObject({ name: 'hit', ok: true })
  await client.setrange('test:0', 60, '!')
  expect(await send(connection)).toMatchObject({ name: 'wrong value', ok: false })
  const careless = openFlow(driver, url, { ...options, reads: 1, keys: 1, verify: false })
  expect(await careless.send(await careless.open())).toMatchObject({ operation: 'get', name: 'hit' })
})

test('with nothing written there is nothing to judge', async () => {
  const { audit } = openFlow(driver, (await driver.loopback!({})).target, options)
  for (const finding of await audit()) expect(finding.status).toBe('skipped')
})

test('fewer keys than connections are refused, as each needs keys of its own to write to', async () => {
  await expect(openFlow(driver, 'redis://127.0.0.1:1', { ...options, keys: 2 }).open(0, 3)).rejects.toThrow(
    /3 connections cannot each write to keys of their own when there are 2 keys/,
  )
})
