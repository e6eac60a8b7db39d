import { brandOf, pluginApi } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import driver from '../src/index.ts'
import { receiveOptions, sendOptions, sendReceiveOptions } from '../src/options.ts'
import { parse } from './fixtures/context.ts'

const common = {
  queue: 'cloudbench',
  create: true,
  durable: true,
  settlement: 'at-least-once',
  pipelining: 1,
  size: 1_024,
  sasl: 'auto',
  connectTimeoutMs: 10_000,
}

test('everything has a default', () => {
  expect(parse('send', {})).toEqual(common)
  expect(parse('send-receive', {})).toEqual(common)
  expect(parse('receive', {})).toEqual({ ...common, preload: 1_000, refill: true })
})

test('numbers may have units', () => {
  expect(parse('receive', { size: '4KiB', preload: '10k', connectTimeoutMs: '2s' })).toMatchObject({
    size: 4_096,
    preload: 10_000,
    connectTimeoutMs: 2_000,
  })
})

test.each([
  ['send', { queue: 'with space' }, /queue: must be 1 to 200 printable/],
  ['send', { settlement: 'exactly-once' }, /settlement/],
  ['send', { size: '10B' }, /size: must be at least 32 bytes/],
  ['send', { size: '1 mile' }, /size: is not a size/],
  ['send', { pipelining: 0 }, /pipelining/],
  ['send', { credit: 10 }, /credit/],
  ['send', { sasl: 'scram' }, /sasl/],
  ['send', { connectTimeoutMs: 'soon' }, /connectTimeoutMs: is not a duration/],
  ['send', { tls: { cert: 'x' } }, /tls: cert and key belong together/],
  ['send', { pipelinig: 2 }, /pipelinig/],
  ['send-receive', { credit: 0 }, /credit/],
  ['receive', { preload: -1 }, /preload: is not a count/],
  ['receive', { pipelining: 256 }, /pipelining/],
] as const)('%s: %j is refused', (workload, options, message) => {
  expect(() => parse(workload, options)).toThrow(message)
})

test('it is a driver of this plugin API, send-receive comes first, and every option is described', () => {
  expect(brandOf(driver)).toEqual({ kind: 'driver', api: pluginApi })
  expect(driver.name).toBe('amqp')
  expect(Object.keys(driver.workloads!)).toEqual(['send-receive', 'send', 'receive'])
  for (const schema of [sendOptions, receiveOptions, sendReceiveOptions]) {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input' })
    for (const [name, property] of Object.entries(properties))
      expect([name, (property as { readonly description?: string }).description]).not.toContain(undefined)
  }
})
