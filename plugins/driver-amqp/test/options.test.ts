import { brandOf, pluginApi } from '@cloudbench/core'
import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

const common = {
  client: 'wire',
  queue: 'cloudbench',
  create: true,
  capability: 'queue',
  durable: true,
  settlement: 'at-least-once',
  pipelining: 1,
  size: 1_024,
  sasl: 'auto',
  connectTimeoutMs: 10_000,
  heartbeatMs: 5_000,
}

test('everything has a default', async () => {
  expect(await parse(driver, {}, 'send')).toEqual(common)
  expect(await parse(driver, {}, 'send-receive')).toEqual(common)
  expect(await parse(driver, {}, 'receive')).toEqual({ ...common, preload: 1_000, refill: true })
})

test('quantities have units', async () => {
  const options = { size: '4KiB', preload: '10k', pipelining: '100', connectTimeoutMs: '2s' }
  expect(await parse(driver, options, 'receive')).toMatchObject({
    size: 4_096,
    preload: 10_000,
    pipelining: 100,
    connectTimeoutMs: 2_000,
  })
})

test.each([
  ['send', { queue: 'with space' }, /queue.*must be 1 to 200 printable/],
  ['send', { settlement: 'exactly-once' }, /settlement/],
  ['send', { size: '10B' }, /size.*must be at least 32 B/],
  ['send', { size: 100 }, /size.*100B/],
  ['send', { size: '1 mile' }, /size/],
  ['send', { pipelining: 0 }, /pipelining.*must be greater than 0/],
  ['send', { pipelining: 2_001 }, /pipelining.*must be at most 2000/],
  ['send', { credit: 10 }, /unknown option "credit"/],
  ['send', { sasl: 'scram' }, /sasl/],
  ['send', { client: 'qpid' }, /client/],
  ['send', { connectTimeoutMs: 'soon' }, /connectTimeoutMs/],
  ['send', { heartbeatMs: '500ms' }, /heartbeatMs.*must be at least 1 s, or 0 for none/],
  ['send', { connectTimeoutMs: 5 }, /connectTimeoutMs.*5ms or 5s/],
  ['send', { tls: { cert: 'x' } }, /tls.*cert and key belong together/],
  ['send', { pipelinig: 2 }, /unknown option "pipelinig"; did you mean/],
  ['send-receive', { credit: 0 }, /credit/],
  ['receive', { preload: -1 }, /preload/],
  ['receive', { pipelining: 256 }, /pipelining.*must be at most 255/],
] as const)('%s: %j is refused', async (workload, options, message) => {
  await expect(parse(driver, options, workload)).rejects.toThrow(message)
})

test('it is a driver of this plugin API, and send-receive comes first', () => {
  expect(brandOf(driver)).toEqual({ kind: 'driver', api: pluginApi })
  expect(driver.name).toBe('amqp')
  expect(Object.keys(driver.workloads!)).toEqual(['send-receive', 'send', 'receive'])
})
