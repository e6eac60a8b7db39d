import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { withoutKafka } from './servers/kafka.ts'
import { has, lanes } from './servers/lanes.ts'
import { createTopic, sharedKafka, topicFlows } from './servers/shared.ts'

describe.skipIf(withoutKafka).each(lanes.filter((name) => has(name, 'consume')))('kafka, by %s', (client) => {
  const broker = sharedKafka()
  const prepared = topicFlows('consume', broker.url, 'consume', client)

  test('a filled topic is read from its beginning to its end, and again', async () => {
    const made = await prepared({ messages: 3_000, partitions: 2, fetchSize: '32KiB' })
    expect(await made.prepare()).toMatchObject({ created: 'before', messages: 3_000, filled: 0 })
    const connection = await made.open()
    while ((made.counters['messages'] ?? 0) < 7_000)
      expect(await made.send(connection)).toMatchObject({ name: 'received', ok: true })
    expect(made.bytes.received).toBeGreaterThan(7_000 * 500)
    expect(await made.audit()).toMatchObject([
      { status: 'passed', violations: 0 },
      { name: 'reads return what was written', status: 'passed', violations: 0 },
    ])
  })

  test('when the next messages are deleted, they are missed', async () => {
    const { open, topic, send } = await prepared({ messages: 1_000, fetchSize: '100B', compression: 'none' })
    const connection = await open()
    expect(await send(connection)).toMatchObject({ name: 'received' })
    // makes kafkajs look for the leader
    await broker.admin.fetchTopicOffsets(topic)
    await broker.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '900' }] })
    const reading = async (): Promise<void> => {
      // a library may have read ahead, and begins again by itself where there is something left
      for (;;) expect((await send(connection)).name).toBe('received')
    }
    await expect(reading()).rejects.toMatchObject(
      client === 'wire'
        ? {
            code: 'OFFSET_OUT_OF_RANGE',
            message: expect.stringContaining('the topic no longer keeps what comes next') as string,
          }
        : { actual: 'gap' },
    )
  })

  test('a topic without messages cannot be consumed', async () => {
    await createTopic(broker.admin, { topic: `empty-${client}`, numPartitions: 1 })
    const empty = openFlow(driver, broker.url, { client, topic: `empty-${client}` }, { workload: 'consume' })
    await empty.prepare()
    await expect(empty.open()).rejects.toThrow(
      `there is nothing to read in partition 0 of the topic "empty-${client}"`,
    )
  })
})
