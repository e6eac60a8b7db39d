import type { Outcome } from '@cloudbench/core'
import { openFlow, type Flow } from '@cloudbench/testkit/flow'
import kafkajs, { type Message, type Transaction } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { api } from '../../src/wire/api.ts'
import { withoutKafka } from '../servers/kafka.ts'
import { fetchRefusal, scriptedBroker } from '../servers/scripted.ts'
import { createTopic, sharedKafka } from '../servers/shared.ts'

/** Reads until the messages of the topic have come twice. @returns how often each outcome occurred, and what the audit says. */
async function readTwice({ open, send, counters, countOf, audit }: Flow, count: number) {
  const connection = await open()
  const outcomes: Outcome[] = []
  while ((counters['messages'] ?? 0) < count * 2) outcomes.push(await send(connection))
  return { messages: counters['messages'], kinds: Object.keys(countOf(outcomes)), audit: await audit() }
}

/** What comes of it where nothing is wrong. */
const allRead = (count: number) => ({
  messages: count * 2,
  kinds: ['received'],
  audit: [
    { name: 'messages are read without gaps', status: 'passed', examined: count * 2, violations: 0 },
    { name: 'reads return what was written', status: 'passed', examined: count * 2, violations: 0 },
  ],
})

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()

  async function topicWith(
    topic: string,
    write: (producer: kafkajs.Producer) => Promise<unknown>,
  ): Promise<Flow> {
    await createTopic(broker.admin, { topic, numPartitions: 1 })
    const producer = broker.kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      transactionalId: topic,
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    await write(producer)
    await producer.disconnect()
    const flow = openFlow(driver, broker.url, { topic }, { workload: 'consume' })
    expect(await flow.prepare()).toMatchObject({ created: false })
    return flow
  }

  const inTransaction = async (
    producer: kafkajs.Producer,
    topic: string,
    messages: Message[],
    end: (transaction: Transaction) => Promise<void>,
  ): Promise<void> => {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages })
    await end(transaction)
  }

  test('messages with keys, headers, null values and times of long ago are read like others', async () => {
    const topic = 'fetching-shapes'
    const messages: Message[] = [
      { key: 'k', value: null },
      { value: '' },
      { key: '', value: 'x', headers: { a: 'b', many: ['c', 'd'], empty: '' } },
      { key: Buffer.alloc(300), value: Buffer.alloc(70_000), timestamp: '1' },
      { key: null, value: 'now' },
    ]
    const flow = await topicWith(topic, async (producer) => {
      await inTransaction(producer, topic, messages, (transaction) => transaction.commit())
    })
    expect(await readTwice(flow, messages.length)).toEqual(allRead(messages.length))
  })

  test('messages of aborted transactions are read, and the marks of transactions are not messages', async () => {
    const topic = 'fetching-transactions'
    const flow = await topicWith(topic, async (producer) => {
      for (let at = 0; at < 6; at++)
        await inTransaction(producer, topic, [{ value: 'a' }, { value: 'b' }], (transaction) =>
          at % 2 === 0 ? transaction.commit() : transaction.abort(),
        )
    })
    expect(await readTwice(flow, 12)).toEqual(allRead(12))
  })

  test('where only the mark of a transaction is left, a request fails instead of waiting for ever', async () => {
    const topic = 'fetching-marks'
    const flow = await topicWith(topic, async (producer) => {
      await inTransaction(producer, topic, [{ value: 'a' }], (transaction) => transaction.commit())
      // a broker acknowledges a commit before it has written the mark
      await expect
        .poll(async () => (await broker.admin.fetchTopicOffsets(topic))[0]?.high, { timeout: 60_000 })
        .toBe('2')
      await broker.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] })
    })
    await expect(flow.send(await flow.open())).rejects.toMatchObject({
      code: 'NO_MESSAGES',
      message: expect.stringContaining('partition 0') as string,
    })
  })

  test('a topic that deletes what is old is read from where it begins now', async () => {
    const topic = 'fetching-retention'
    const flow = await topicWith(topic, async (producer) => {
      for (let at = 0; at < 10; at++)
        await inTransaction(producer, topic, [{ value: 'a' }], (transaction) => transaction.commit())
    })
    const connection = await flow.open()
    await broker.admin.fetchTopicOffsets(topic)
    await broker.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '10' }] })
    for (let at = 0; at < 3; at++) expect(await flow.send(connection)).toMatchObject({ name: 'received' })
  })
})

test('a partition that begins where it cannot be read is given up', async () => {
  let isRefusing = false
  const { url } = await scriptedBroker({
    take({ key, answer }) {
      if (key !== api.fetch.key || !isRefusing) return false
      answer(fetchRefusal('OFFSET_OUT_OF_RANGE'))
      return true
    },
  })
  const { prepare, open, send } = openFlow(driver, url, { topic: 't', messages: 10 }, { workload: 'consume' })
  await prepare()
  const connection = await open()
  isRefusing = true
  await expect(send(connection)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' })
})

test('after a refusal, reading goes on from where it was', async () => {
  let answers = -Infinity
  const { url } = await scriptedBroker({
    take({ key, answer }) {
      if (key !== api.fetch.key || ++answers !== 2) return false
      answer(fetchRefusal('TOPIC_AUTHORIZATION_FAILED'))
      return true
    },
  })
  const options = { topic: 't', messages: 100, compression: 'none', fetchSize: '100B' }
  const { prepare, open, send, counters } = openFlow(driver, url, options, { workload: 'consume' })
  await prepare()
  const connection = await open()
  answers = 0
  const names: string[] = []
  const read: number[] = []
  for (let at = 0; at < 3; at++) {
    names.push((await send(connection)).name)
    read.push(counters['messages'] ?? 0)
  }
  expect(names).toEqual(['received', 'TOPIC_AUTHORIZATION_FAILED', 'received'])
  expect(read[1]).toBe(read[0])
  expect(read[2]).toBeGreaterThan(read[1]!)
})
