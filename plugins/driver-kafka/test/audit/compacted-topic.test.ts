import { openFlow } from '@cloudbench/testkit/flow'
import kafkajs from 'kafkajs'
import { describe, expect, test, vi } from 'vitest'
import { openLink } from '../../src/client/open-link.ts'
import driver from '../../src/index.ts'
import { askFetch } from '../../src/wire/fetch.ts'
import { batchesIn } from '../../src/wire/records.ts'
import { startLimitMs, withoutKafka } from '../servers/kafka.ts'
import { createTopic, sharedKafka, topicFlows } from '../servers/shared.ts'

/** Compacts at once what is not in the segment that is being written. */
const compact = {
  'cleanup.policy': 'compact',
  'min.cleanable.dirty.ratio': '0.001',
  'segment.ms': '100',
  'delete.retention.ms': '0',
}

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()
  const prepared = topicFlows('compacted', broker.url)

  /** Writes messages of one key, each in a batch of its own, until at most so many of the topic's are left. */
  async function untilCompacted(topic: string, most: number): Promise<void> {
    const producer = broker.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    await vi.waitFor(
      async () => {
        await producer.send({ topic, messages: [{ key: 'k', value: 'x' }] })
        expect(await countLeft(topic)).toBeLessThan(most)
      },
      { timeout: startLimitMs, interval: 150 },
    )
    await producer.disconnect()
  }

  /** How many messages a topic has within the first 20 offsets. */
  async function countLeft(topic: string): Promise<number> {
    const [host, port] = broker.url.replace('kafka://', '').split(':') as [string, string]
    const link = await openLink({ host, port: Number(port) }, access)
    const from = { topic, partition: 0, offset: 0, maxBytes: 1_000_000, maxWaitMs: 10 }
    let count = 0
    for (const batch of batchesIn(await askFetch(link, from)))
      if (batch.nextOffset <= 20) count += batch.count
    await link.close()
    return count
  }

  test('consume finds no fault with offsets that compaction has removed', async () => {
    const topic = 'compacted-consume'
    const configEntries = Object.entries(compact).map(([name, value]) => ({ name, value }))
    await createTopic(broker.admin, { topic, numPartitions: 1, configEntries })
    const producer = broker.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    for (let at = 0; at < 20; at++)
      await producer.send({ topic, messages: [{ key: 'k', value: String(at) }] })
    await producer.disconnect()
    await untilCompacted(topic, 20)
    const tested = openFlow(driver, broker.url, { topic }, { workload: 'consume' })
    await tested.prepare()
    expect(tested.countOf(await tested.sendAll(await tested.open(), 5))).toEqual({ received: 5 })
    expect(await tested.audit()).toMatchObject([
      { status: 'skipped', message: 'not examined: the topic is compacted, and may lack any offset' },
      { status: 'passed' },
    ])
  })

  test('what compaction has removed is not called lost', async () => {
    const { topic, open, sendAll, audit } = await prepared({ inFlight: 1 })
    await sendAll(await open(), 20)
    await broker.admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: Object.entries(compact).map(([name, value]) => ({ name, value })),
        },
      ],
    })
    await untilCompacted(topic, 20)
    const [stored, unseen, ...others] = await audit()
    const gone = 20 - stored!.examined
    expect(gone).toBeGreaterThan(0)
    expect(stored).toMatchObject({ violations: 0 })
    expect(unseen).toMatchObject({
      status: 'skipped',
      message: `${gone} acknowledged messages were not examined: the topic is compacted`,
    })
    for (const { violations } of others) expect(violations).toBe(0)
  })

  test('a producer is told that a compacted topic refuses its messages', async () => {
    const topic = 'compacted-produce'
    await createTopic(broker.admin, {
      topic,
      numPartitions: 1,
      configEntries: [{ name: 'cleanup.policy', value: 'compact,delete' }],
    })
    const tested = openFlow(driver, broker.url, { topic })
    await tested.prepare()
    expect(tested.warnings).toEqual([`the topic "${topic}" is compacted: it refuses messages without a key`])
    expect(await tested.send(await tested.open())).toMatchObject({ name: 'INVALID_RECORD', ok: false })
  })
})

const access = { tls: undefined, sasl: undefined, connectTimeoutMs: startLimitMs }
