import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

test('every option has a default', async () => {
  expect(await parse(driver, {})).toEqual({
    client: 'wire',
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
  expect(await parse(driver, {}, 'roundtrip')).toMatchObject({
    compression: 'none',
    lingerMs: 0,
    inFlight: 1,
  })
  expect(await parse(driver, {}, 'consume')).toMatchObject({
    messages: 100_000,
    fetchSize: 65_536,
    verify: true,
  })
})

test('quantities have units', async () => {
  const written = {
    valueSize: '1KiB',
    batchSize: '64KiB',
    inFlight: '2k',
    lingerMs: '20ms',
    partitions: '12',
    connectTimeoutMs: '1m30s',
  }
  expect(await parse(driver, written)).toMatchObject({
    valueSize: 1_024,
    batchSize: 65_536,
    inFlight: 2_000,
    lingerMs: 20,
    partitions: 12,
    connectTimeoutMs: 90_000,
  })
  expect(await parse(driver, { lingerMs: 0 })).toMatchObject({ lingerMs: 0 })
})

test.each([
  [{ topic: 'with space' }, /topic.*: must be 1 to 249 letters/],
  [{ topic: '..' }, /topic/],
  [{ partitions: 0 }, /partitions.*: must be greater than 0/],
  [{ partitions: '20k' }, /partitions.*: must be at most 10000/],
  [{ replication: 0 }, /replication.*: must be greater than 0/],
  [{ valueSize: '10B' }, /valueSize.*: must be at least 33 B/],
  [{ valueSize: '65MiB' }, /valueSize.*: must be at most 64 MiB/],
  [{ valueSize: 1_000 }, /valueSize.*1000B/],
  [{ valueSize: '1 mile' }, /valueSize/],
  [{ compression: 'brotli' }, /compression/],
  [{ acks: 'some' }, /acks/],
  [{ acks: 'leader', idempotent: true }, /idempotent.*: an idempotent producer needs acks: all/],
  [{ batchesInFlight: 6 }, /batchesInFlight.*: brokers remember the last 5 batches/],
  [{ lingerMs: 'soon' }, /lingerMs/],
  [{ lingerMs: 5 }, /lingerMs.*5ms/],
  [{ lingerMs: '61m' }, /lingerMs.*: must be at most 1 ?h/],
  [{ inFlight: 0 }, /inFlight.*: must be greater than 0/],
  [{ sasl: 'gssapi' }, /sasl/],
  [{ connectTimeoutMs: 0 }, /connectTimeoutMs.*: must be greater than 0/],
  [{ tls: { cert: 'x' } }, /tls.*: cert and key belong together/],
  [{ topik: 'x' }, /topik.*topic/],
])('%j is refused', async (options, message) => {
  await expect(parse(driver, options)).rejects.toThrow(message)
})

test.each([
  [{ client: 'kafka-node' }, /client/],
  [{ client: 'kafkajs', verify: false }, /verify.*: a client library always unpacks/],
  [{ client: 'platformatic' }, /client.*: @platformatic\/kafka cannot go back/],
])('consume: %j is refused', async (options, message) => {
  await expect(parse(driver, options, 'consume')).rejects.toThrow(message)
})

test('client libraries are idempotent only when they are told to be', async () => {
  const written = { client: 'kafkajs', batchesInFlight: 100 }
  expect(await parse(driver, written)).toMatchObject(written)
  await expect(parse(driver, { ...written, idempotent: true })).rejects.toThrow(/batchesInFlight/)
})

test('more batches in flight are allowed where the broker need not remember them', async () => {
  expect(await parse(driver, { batchesInFlight: 100, idempotent: false })).toMatchObject({
    batchesInFlight: 100,
  })
  expect(await parse(driver, { batchesInFlight: 100, acks: 'leader' })).toMatchObject({
    batchesInFlight: 100,
  })
})
