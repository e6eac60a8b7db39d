import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { withoutKafka } from './servers/kafka.ts'
import { createTopic, sharedKafka, topicFlows } from './servers/shared.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()
  const prepared = topicFlows('consume', broker.url, 'consume')

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

  test('when the next messages are deleted, the connection fails', async () => {
    const { open, topic, send } = await prepared({ messages: 1_000, fetchSize: '100B', compression: 'none' })
    const connection = await open()
    expect(await send(connection)).toMatchObject({ name: 'received' })
    // makes kafkajs look for the leader
    await broker.admin.fetchTopicOffsets(topic)
    await broker.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '900' }] })
    await expect(send(connection)).rejects.toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
      message: expect.stringContaining('the topic no longer keeps what comes next') as string,
    })
  })

  test('a topic without messages cannot be consumed', async () => {
    await createTopic(broker.admin, { topic: 'empty', numPartitions: 1 })
    const empty = openFlow(driver, broker.url, { topic: 'empty' }, { workload: 'consume' })
    await empty.prepare()
    await expect(empty.open()).rejects.toThrow('there is nothing to read in partition 0 of the topic "empty"')
  })
})
