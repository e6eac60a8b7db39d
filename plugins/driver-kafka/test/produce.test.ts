import { setImmediate as turn } from 'node:timers/promises'
import { openFlow } from '@cloudbench/testkit/flow'
import kafkajs from 'kafkajs'
import { decompressFrameSync } from 'lz4-napi'
import { uncompressSync } from 'snappy'
import { describe, expect, test, vi } from 'vitest'
import driver from '../src/index.ts'
import { startLimitMs, withoutKafka } from './servers/kafka.ts'
import { lanes } from './servers/lanes.ts'
import { createTopic, readAll, sharedKafka, topicFlows } from './servers/shared.ts'

describe.skipIf(withoutKafka).each(lanes)('kafka, by %s', (client) => {
  const broker = sharedKafka()
  const prepared = topicFlows('produce', broker.url, 'produce', client)

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'with compression %s, an ordinary consumer reads the messages that were sent',
    async (compression) => {
      kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => zstd
      kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => lz4
      kafkajs.CompressionCodecs[kafkajs.CompressionTypes.Snappy] = () => snappy
      const { open, audit, topic, sendAll, countOf } = await prepared({ compression, valueSize: '200B' })
      expect(countOf(await sendAll(await open(), 2_000))).toEqual({ stored: 2_000 })
      const stored = await readAll(broker.kafka, topic, 2_000)
      expect(stored.map(({ value }) => value.length)).toEqual(Array.from({ length: 2_000 }, () => 200))
      const numbers = stored.map(({ value }) =>
        Number(/^[\da-f]{12}\.000001\.(\d{12})\.[A-Z]+$/.exec(value)?.[1]),
      )
      expect(numbers).toEqual(Array.from({ length: 2_000 }, (_, at) => at))
      for (const finding of await audit())
        expect(finding).toMatchObject({ status: 'passed', examined: 2_000, violations: 0 })
    },
  )

  test.each([
    ['all', false],
    ['leader', undefined],
    ['none', undefined],
  ])('acks %s', async (acks, idempotent) => {
    const { open, audit, topic, sendAll, countOf } = await prepared({
      acks,
      ...(idempotent !== undefined && { idempotent }),
    })
    const outcome = acks === 'none' ? 'sent' : 'stored'
    expect(countOf(await sendAll(await open(), 500))).toEqual({ [outcome]: 500 })
    // without acknowledgements, they may still be on their way
    while ((await broker.admin.fetchTopicOffsets(topic))[0]?.offset !== '500') await turn()
    const [stored, twice, order] = await audit()
    expect(stored).toMatchObject(
      acks === 'none'
        ? {
            status: 'skipped',
            message: 'nothing was acknowledged: 500 of 500 messages that were sent are stored',
          }
        : { status: 'passed', examined: 500 },
    )
    expect(twice).toMatchObject({ status: 'passed', examined: 500 })
    expect(order).toMatchObject({ status: 'passed', examined: 500 })
  })

  test('with acks none, messages that the broker refuses are not called stored', async () => {
    const topic = `produce-compacted-${client}`
    await createTopic(broker.admin, {
      topic,
      numPartitions: 1,
      configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
    })
    const tested = openFlow(driver, broker.url, { client, topic, acks: 'none', inFlight: 1, lingerMs: 0 })
    await tested.prepare()
    const connection = await tested.open()
    expect(await tested.send(connection)).toMatchObject({ name: 'sent', ok: true })
    // a broker that may not answer closes the connection instead
    await tested.lost(connection)
    await connection.close()
    expect((await tested.audit())[0]).toMatchObject({
      status: 'skipped',
      message: 'nothing was acknowledged: 0 of 1 messages that were sent are stored',
    })
  })

  test.each(['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed'])(
    'what the topic compresses with %s is read back',
    async (type) => {
      const topic = `produce-recompressed-${type}-${client}`
      await createTopic(broker.admin, {
        topic,
        numPartitions: 1,
        configEntries: [{ name: 'compression.type', value: type }],
      })
      const tested = openFlow(driver, broker.url, {
        client,
        topic,
        compression: 'none',
        batchesInFlight: 1,
      })
      await tested.prepare()
      expect(tested.countOf(await tested.sendAll(await tested.open(), 500))).toEqual({ stored: 500 })
      for (const finding of await tested.audit())
        expect(finding).toMatchObject({ status: 'passed', examined: 500 })
    },
  )

  test('several connections write to several partitions', async () => {
    const { open, audit, topic, sendAll } = await prepared({ partitions: 4, inFlight: 64 })
    const connections = await Promise.all([0, 1, 2].map((index) => open(index, 3)))
    await Promise.all(connections.map((connection) => sendAll(connection, 2_000)))
    for (const finding of await audit())
      expect(finding).toMatchObject({ status: 'passed', examined: 6_000, violations: 0 })
    const written = await broker.admin.fetchTopicOffsets(topic)
    for (const { offset } of written) expect(Number(offset)).toBeGreaterThan(0)
  })

  test('a message that is too large is an outcome, and the connection stays open', async () => {
    const { open, topic, send } = await prepared({ valueSize: '2MB', compression: 'none' })
    const connection = await open()
    expect(await send(connection)).toMatchObject({ name: 'MESSAGE_TOO_LARGE', ok: false })
    await broker.admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: [{ name: 'max.message.bytes', value: '4000000' }],
        },
      ],
    })
    // the broker takes a moment to apply it
    await vi.waitFor(async () => expect(await send(connection)).toMatchObject({ name: 'stored', ok: true }), {
      timeout: startLimitMs,
    })
    expect(await send(connection)).toMatchObject({ name: 'stored', ok: true })
  })
})

const zstd = {
  compress: () => Promise.reject(new Error('not needed')),
  decompress: async (packed: Buffer) => (await import('node:zlib')).zstdDecompressSync(packed),
}

const lz4 = {
  compress: () => Promise.reject(new Error('not needed')),
  decompress: async (packed: Buffer) => decompressFrameSync(packed),
}

/** Java writes a header of 16 bytes, then blocks with their length; others a single block. */
const snappy = {
  compress: () => Promise.reject(new Error('not needed')),
  async decompress(packed: Buffer) {
    if (packed[0] !== 0x82) return uncompressSync(packed) as Buffer
    const blocks: Buffer[] = []
    for (let at = 16; at < packed.length;) {
      const end = at + 4 + packed.readUInt32BE(at)
      blocks.push(uncompressSync(packed.subarray(at + 4, end)) as Buffer)
      at = end
    }
    return Buffer.concat(blocks)
  },
}
