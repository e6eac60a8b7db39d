import kafkajs from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { withoutKafka } from './servers/kafka.ts'
import { createTopic, readAll, removeTopic, sharedKafka, topicFlows } from './servers/shared.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()
  const prepared = topicFlows('audit', broker.url)

  test('an acknowledged message that is gone is reported', async () => {
    const { open, audit, topic, sendAll } = await prepared({ inFlight: 1, compression: 'none' })
    await sendAll(await open(), 20)
    await rewrite(topic, (values) => values.filter((_, at) => at !== 7))
    const [stored, twice, order] = await audit()
    expect(stored).toMatchObject({
      status: 'failed',
      examined: 20,
      violations: 1,
      message: 'message 7 of connection 1 was acknowledged at offset 7 of partition 0 and is not there',
    })
    expect(twice).toMatchObject({ status: 'passed' })
    expect(order).toMatchObject({ status: 'passed' })
  })

  test('a message that is stored twice is reported', async () => {
    const { open, audit, topic, sendAll } = await prepared({ inFlight: 1 })
    await sendAll(await open(), 20)
    await rewrite(topic, (values) => values.flatMap((value, at) => (at === 7 ? [value, value] : [value])))
    const [stored, twice, order] = await audit()
    expect(stored).toMatchObject({ status: 'passed', examined: 20 })
    expect(twice).toMatchObject({
      status: 'failed',
      violations: 1,
      message: 'message 7 of connection 1 is stored more than once',
    })
    expect(order).toMatchObject({ status: 'passed' })
  })

  test('a message that is out of order is reported', async () => {
    const { open, audit, topic, sendAll } = await prepared({ inFlight: 1 })
    await sendAll(await open(), 20)
    await rewrite(topic, ([first, second, ...others]) => [second!, first!, ...others])
    const [stored, twice, order] = await audit()
    expect(stored).toMatchObject({ status: 'passed' })
    expect(twice).toMatchObject({ status: 'passed' })
    expect(order).toMatchObject({
      status: 'failed',
      violations: 1,
      message: 'message 0 of connection 1 is stored after 1',
    })
  })

  test('the audit fails when the broker has deleted what it acknowledged', async () => {
    const { open, audit, topic, sendAll } = await prepared({ inFlight: 1 })
    await sendAll(await open(), 20)
    await removeTopic(broker.admin, topic)
    await expect(audit()).rejects.toThrow(`has no topic "${topic}"`)
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
