import { expect, test } from 'vitest'
import { parse } from './fixtures/flow.ts'

test('everything has a default', () => {
  expect(parse({})).toEqual({
    topic: 'cloudbench',
    createTopic: true,
    sasl: 'plain',
    connectTimeoutMs: 10_000,
    valueSize: 1_000,
    compression: 'gzip',
    acks: 'all',
    lingerMs: 5,
    batchSize: 16_384,
    batchesInFlight: 5,
    inFlight: 1_000,
    ackTimeoutMs: 30_000,
  })
  expect(parse({}, 'roundtrip')).toMatchObject({ compression: 'none', lingerMs: 0, inFlight: 1 })
  expect(parse({}, 'consume')).toMatchObject({ messages: 100_000, fetchSize: 65_536, verify: true })
})

test('numbers may have units', () => {
  expect(
    parse({ valueSize: '1KiB', batchSize: '64KiB', inFlight: '2k', lingerMs: '20ms', partitions: '12' }),
  ).toMatchObject({ valueSize: 1_024, batchSize: 65_536, inFlight: 2_000, lingerMs: 20, partitions: 12 })
})

test.each([
  [{ topic: 'with space' }, /topic: must be 1 to 249 letters/],
  [{ topic: '..' }, /topic/],
  [{ partitions: 0 }, /partitions: is not a count/],
  [{ partitions: '20k' }, /partitions: must be at most 10000/],
  [{ replication: 0 }, /replication/],
  [{ valueSize: '10B' }, /valueSize: must be from 33 bytes to 64 MiB/],
  [{ valueSize: '1 mile' }, /valueSize: is not a size/],
  [{ compression: 'lz4' }, /compression/],
  [{ acks: 'some' }, /acks/],
  [{ acks: 'leader', idempotent: true }, /idempotent: an idempotent producer needs acks: all/],
  [{ batchesInFlight: 6 }, /batchesInFlight: brokers remember the last 5 batches/],
  [{ lingerMs: 'soon' }, /lingerMs: is not a duration/],
  [{ lingerMs: '61m' }, /lingerMs: must be at most an hour/],
  [{ inFlight: 0 }, /inFlight: is not a count/],
  [{ sasl: 'gssapi' }, /sasl/],
  [{ connectTimeoutMs: 0 }, /connectTimeoutMs: is not a duration/],
  [{ tls: { cert: 'x' } }, /tls: cert and key belong together/],
  [{ topik: 'x' }, /topik/],
])('%j is refused', (options, message) => {
  expect(() => parse(options)).toThrow(message)
})

test('more batches in flight are allowed where the broker need not remember them', () => {
  expect(parse({ batchesInFlight: 100, idempotent: false })).toMatchObject({ batchesInFlight: 100 })
  expect(parse({ batchesInFlight: 100, acks: 'leader' })).toMatchObject({ batchesInFlight: 100 })
})
