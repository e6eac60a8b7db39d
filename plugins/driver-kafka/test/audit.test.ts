import kafkajs from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { withoutKafka } from './servers/kafka.ts'
import { createTopic, readAll, removeTopic, sharedKafka, topicFlows } from './servers/shared.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()
  const prepared = topicFlows('audit', broker.url)

  const passed = { status: 'passed' }

  test.each([
    {
      fault: 'an acknowledged message that is gone',
      compression: 'none',
      change: (values: readonly string[]) => values.filter((_, at) => at !== 7),
      message: 'message 7 of connection 1 was acknowledged at offset 7 of partition 0 and is not there',
      expected: (failed: object) => [{ ...failed, examined: 20 }, passed, passed],
    },
    {
      fault: 'a message that is stored twice',
      compression: 'gzip',
      change: (values: readonly string[]) =>
        values.flatMap((value, at) => (at === 7 ? [value, value] : [value])),
      message: 'message 7 of connection 1 is stored more than once',
      expected: (failed: object) => [{ ...passed, examined: 20 }, failed, passed],
    },
    {
      fault: 'a message that is out of order',
      compression: 'gzip',
      change: ([first, second, ...others]: readonly string[]) => [second!, first!, ...others],
      message: 'message 0 of connection 1 is stored after 1',
      expected: (failed: object) => [passed, passed, failed],
    },
  ])('$fault is reported', async ({ compression, change, message, expected }) => {
    const { open, audit, topic, sendAll } = await prepared({ inFlight: 1, compression })
    await sendAll(await open(), 20)
    await rewrite(topic, change)
    expect(await audit()).toMatchObject(expected({ status: 'failed', violations: 1, message }))
  })

  test('the audit fails when the broker has deleted what it acknowledged', async () => {
    const { open, audit, topic, sendAll } = await prepared({ inFlight: 1 })
    await sendAll(await open(), 20)
    await removeTopic(broker.admin, topic)
    await expect(audit()).rejects.toThrow(`has no topic "${topic}"`)
  })

  test('what was deleted before the audit is not examined, and the audit says how much', async () => {
    const { open, audit, topic, sendAll } = await prepared({ inFlight: 20 })
    await sendAll(await open(), 20)
    // makes kafkajs look for the leader
    await broker.admin.fetchTopicOffsets(topic)
    await broker.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '7' }] })
    expect(await audit()).toMatchObject([
      { status: 'passed', examined: 13 },
      {
        status: 'skipped',
        message: '7 acknowledged messages were not examined: the topic no longer keeps them',
      },
      passed,
      passed,
    ])
  })

  /** Replaces the contents of a topic, as if the broker had lost, repeated or reordered messages. */
  async function rewrite(
    topic: string,
    change: (values: readonly string[]) => readonly string[],
  ): Promise<void> {
    const values = (await readAll(broker.kafka, topic, 20)).map(({ value }) => value)
    await removeTopic(broker.admin, topic)
    await createTopic(broker.admin, { topic, numPartitions: 1 })
    const producer = broker.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    await producer.send({ topic, messages: change(values).map((value) => ({ value })) })
    await producer.disconnect()
  }
})
