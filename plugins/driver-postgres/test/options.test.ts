import { brandOf, pluginApi } from '@cloudbench/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import driver from '../src/index.ts'
import { mixedOptions, readOptions, writeOptions } from '../src/options.ts'
import { parse } from './context.ts'

test('the driver has the current plugin API, and read is its first workload', () => {
  expect(brandOf(driver)).toEqual({ kind: 'driver', api: pluginApi })
  expect(driver.name).toBe('postgres')
  expect(Object.keys(driver.workloads!)).toEqual(['read', 'write-heavy', 'mixed'])
})

test('every option has a default', () => {
  const common = { schema: 'cloudbench', pipelining: 1, connectTimeoutMs: 10_000 }
  const items = { rows: 100_000, payloadSize: 84, preload: true, verify: true }
  expect(parse('read', {})).toEqual({ ...common, ...items })
  expect(parse('write-heavy', {})).toEqual({
    ...common,
    batchRows: 100,
    batchDelayMs: 10,
    documentSize: 1_024,
  })
  expect(parse('mixed', {})).toEqual({
    ...common,
    ...items,
    reads: 0.5,
    transaction: 'step by step',
    updates: 1,
    isolation: 'read committed',
    conflicts: 'count',
  })
})

test('values may have units', () => {
  expect(parse('read', { rows: '2M', payloadSize: '1KiB', statementTimeoutMs: '2s' })).toMatchObject({
    rows: 2_000_000,
    payloadSize: 1_024,
    statementTimeoutMs: 2_000,
  })
  expect(parse('write-heavy', { documentSize: '2KB', batchDelayMs: '5ms' })).toMatchObject({
    documentSize: 2_000,
    batchDelayMs: 5,
  })
})

test.each([
  ['read', { rows: 0 }, /rows: must be greater than 0/],
  ['read', { payloadSize: '10B' }, /payloadSize: must be at least 16 B/],
  ['read', { schema: 'My Schema' }, /schema: must be 1 to 40 lower-case letters/],
  ['read', { schema: 'a"; DROP TABLE x; --' }, /schema: must be/],
  ['read', { pipelining: 0 }, /pipelining/],
  ['read', { connectTimeoutMs: 'soon' }, /connectTimeoutMs: .*5s/],
  ['read', { statementTimeoutMs: -1 }, /statementTimeoutMs: /],
  ['read', { tls: { cert: 'x' } }, /tls: cert and key belong together/],
  ['read', { batchRows: 3 }, /batchRows/],
  ['mixed', { reads: '120%' }, /reads: /],
  ['mixed', { isolation: 'chaos' }, /isolation/],
  ['mixed', { pipelining: 4 }, /pipelining: above 1 requires transaction: at once/],
  ['mixed', { updates: 0 }, /updates/],
  ['write-heavy', { documentSize: '20B' }, /documentSize: must be at least 64 B/],
  ['write-heavy', { batchRows: 1_001 }, /batchRows/],
  ['write-heavy', { documentSize: '1MiB' }, /documentSize: times batchRows must be at most 64 MiB/],
] as const)('%s with %j is refused', (workload, options, message) => {
  expect(() => parse(workload, options)).toThrow(message)
})

describe.each([
  ['read', readOptions],
  ['write-heavy', writeOptions],
  ['mixed', mixedOptions],
] as const)('%s', (_, schema) => {
  test('every option is described', () => {
    const { properties } = z.toJSONSchema(schema, { io: 'input' })
    expect(namesWithout(properties as Record<string, Described>)).toEqual([])
  })
})

interface Described {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
}

function namesWithout(properties: Readonly<Record<string, Described>>): string[] {
  return Object.entries(properties).flatMap(([name, { description, properties: inner = {} }]) => [
    ...(description === undefined ? [name] : []),
    ...namesWithout(inner),
  ])
}
