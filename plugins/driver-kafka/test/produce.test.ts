import { setImmediate as turn } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { describe, expect, test, vi } from 'vitest'
import { startLimitMs, withoutKafka } from './servers/kafka.ts'
import { readAll, sharedKafka, topicFlows } from './servers/shared.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()
  const prepared = topicFlows('produce', broker.url)

  test.each(['none', 'gzip', 'zstd'])(
    'with compression %s, an ordinary consumer reads the messages that were sent',
    async (compression) => {
      kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => zstd
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
    expect(countOf(await sendAll(await open(), 500))).toEqual({ stored: 500 })
    // without acknowledgements, they may still be on their way
    while ((await broker.admin.fetchTopicOffsets(topic))[0]?.offset !== '500') await turn()
    const [stored, twice, order] = await audit()
    expect(stored!.status).toBe(acks === 'none' ? 'skipped' : 'passed')
    expect(twice).toMatchObject({ status: 'passed', examined: 500 })
    expect(order).toMatchObject({ status: 'passed', examined: 500 })
  })

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
