import { brandOf, pluginApi } from '@cloudbench/core'
import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

test('the driver has the current plugin API, and read is its first workload', () => {
  expect(brandOf(driver)).toEqual({ kind: 'driver', api: pluginApi })
  expect(driver.name).toBe('postgres')
  expect(Object.keys(driver.workloads!)).toEqual(['read', 'write-heavy', 'mixed'])
})

test('every option has a default', async () => {
  const common = {
    client: 'wire',
    statements: 'named',
    schema: 'cloudbench',
    pipelining: 1,
    pooler: 'auto',
    connectTimeoutMs: 10_000,
  }
  const items = { rows: 100_000, payloadSize: 84, preload: true, verify: true }
  expect(await parse(driver, {}, 'read')).toEqual({ ...common, ...items })
  expect(await parse(driver, {}, 'write-heavy')).toEqual({
    ...common,
    batchRows: 100,
    batchDelayMs: 10,
    documentSize: 1_024,
  })
  expect(await parse(driver, {}, 'mixed')).toEqual({
    ...common,
    ...items,
    reads: 0.5,
    transaction: 'step by step',
    updates: 1,
    isolation: 'read committed',
    conflicts: 'count',
  })
})

test('values may have units', async () => {
  expect(
    await parse(driver, { rows: '2M', payloadSize: '1KiB', statementTimeoutMs: '2s' }, 'read'),
  ).toMatchObject({
    rows: 2_000_000,
    payloadSize: 1_024,
    statementTimeoutMs: 2_000,
  })
  expect(await parse(driver, { documentSize: '2KB', batchDelayMs: '5ms' }, 'write-heavy')).toMatchObject({
    documentSize: 2_000,
    batchDelayMs: 5,
  })
})

test.each([
  ['read', { rows: 0 }, /"rows": must be greater than 0/],
  ['read', { payloadSize: '10B' }, /"payloadSize": must be at least 16 B/],
  ['read', { schema: 'My Schema' }, /"schema": must be 1 to 40 lower-case letters/],
  ['read', { schema: 'a"; DROP TABLE x; --' }, /"schema": must be/],
  ['read', { pipelining: 0 }, /pipelining/],
  ['read', { connectTimeoutMs: 'soon' }, /"connectTimeoutMs": .*5s/],
  ['read', { statementTimeoutMs: -1 }, /"statementTimeoutMs": /],
  ['read', { tls: { cert: 'x' } }, /"tls": cert and key belong together/],
  ['read', { batchRows: 3 }, /batchRows/],
  ['mixed', { reads: '120%' }, /"reads": /],
  ['mixed', { isolation: 'chaos' }, /isolation/],
  ['mixed', { pipelining: 4 }, /"pipelining": above 1 requires transaction: at once/],
  ['mixed', { updates: 0 }, /updates/],
  ['read', { client: 'libpq' }, /"client": /],
  ['read', { statements: 'cached' }, /"statements": /],
  ['mixed', { client: 'pg', transaction: 'at once' }, /"transaction": at once requires client: wire/],
  [
    'mixed',
    { client: 'postgres.js', transaction: 'at once' },
    /"transaction": at once requires client: wire/,
  ],
  [
    'read',
    { client: 'postgres.js', statements: 'unnamed', pipelining: 2 },
    /"pipelining": above 1 with client: postgres\.js requires statements: named and no pooler/,
  ],
  ['write-heavy', { client: 'postgres.js', pooler: 'transaction', pipelining: 2 }, /"pipelining": above 1/],
  [
    'read',
    { pooler: 'transaction', statementTimeoutMs: '1s' },
    /"statementTimeoutMs": cannot be set through/,
  ],
  [
    'mixed',
    { pooler: 'transaction', transaction: 'at once', isolation: 'serializable' },
    /"isolation": above/,
  ],
  ['write-heavy', { documentSize: '20B' }, /"documentSize": must be at least 64 B/],
  ['write-heavy', { batchRows: 1_001 }, /batchRows/],
  ['write-heavy', { documentSize: '1MiB' }, /"documentSize": times batchRows must be at most 64 MiB/],
] as const)('%s with %j is refused', async (workload, options, message) => {
  await expect(parse(driver, options, workload)).rejects.toThrow(message)
})
