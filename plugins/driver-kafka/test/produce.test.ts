import { setImmediate as turn } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { flow } from './context.ts'
import { readAll, realKafka, startLimitMs, withoutKafka, type RealKafka } from './servers/kafka.ts'
import { countOf, send, sendAll } from './send.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  let broker: RealKafka
  beforeAll(async () => {
    broker = await realKafka()
  }, startLimitMs)
  afterAll(() => broker.close())

  let topics = 0
  const prepared = async (options: Record<string, unknown> = {}, workload?: 'consume' | 'roundtrip') => {
    const topic = `test-${topics++}`
    const made = flow(broker.url, { topic, ...options }, workload)
    await made.prepare()
    return { topic, ...made }
  }

  test.each(['none', 'gzip', 'zstd'])(
    'messages with compression %s are what an ordinary consumer reads',
    async (compression) => {
      kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => zstd
      const { open, audit, topic } = await prepared({ compression, valueSize: 200 })
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
    const { open, audit, topic } = await prepared({ acks, ...(idempotent !== undefined && { idempotent }) })
    expect(countOf(await sendAll(await open(), 500))).toEqual({ stored: 500 })
    // without acknowledgements, they may still be under way
    while ((await broker.admin.fetchTopicOffsets(topic))[0]?.offset !== '500') await turn()
    const [stored, twice, order] = await audit()
    expect(stored!.status).toBe(acks === 'none' ? 'skipped' : 'passed')
    expect(twice).toMatchObject({ status: 'passed', examined: 500 })
    expect(order).toMatchObject({ status: 'passed', examined: 500 })
  })

  test('the trace context travels as a header of its message, and of no other', async () => {
    const { open, topic } = await prepared({ inFlight: 3, lingerMs: 50 })
    const connection = await open()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await Promise.all([send(connection, 0), send(connection, 1, traceparent), send(connection, 2)])
    const stored = await readAll(broker.kafka, topic, 3)
    expect(stored.map(({ headers }) => headers)).toEqual([{}, { traceparent }, {}])
  })

  test('several connections write to several partitions, and all is well', async () => {
    const { open, audit, topic } = await prepared({ partitions: 4, inFlight: 64 })
    const connections = await Promise.all([0, 1, 2].map((index) => open(index, 3)))
    await Promise.all(connections.map((connection) => sendAll(connection, 2_000)))
    for (const finding of await audit())
      expect(finding).toMatchObject({ status: 'passed', examined: 6_000, violations: 0 })
    const written = await broker.admin.fetchTopicOffsets(topic)
    for (const { offset } of written) expect(Number(offset)).toBeGreaterThan(0)
  })

  test('a message that is too large is an outcome, and the connection goes on', async () => {
    const { open, topic } = await prepared({ valueSize: '2MB', compression: 'none' })
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
    // the broker takes a moment to act on it
    await vi.waitFor(async () => expect(await send(connection)).toMatchObject({ name: 'stored', ok: true }), {
      timeout: 20_000,
    })
    expect(await send(connection)).toMatchObject({ name: 'stored', ok: true })
  })

  test('what was filled in is read, from the beginning to the end and again', async () => {
    const made = await prepared({ messages: 3_000, partitions: 2, fetchSize: '32KiB' }, 'consume')
    expect(await made.prepare()).toMatchObject({ created: 'before', messages: 3_000, filled: 0 })
    const connection = await made.open()
    while ((made.counters['messages'] ?? 0) < 7_000)
      expect(await send(connection)).toMatchObject({ name: 'received', ok: true })
    expect(made.bytes.received).toBeGreaterThan(7_000 * 500)
    expect(await made.audit()).toMatchObject([{ status: 'passed', violations: 0 }])
  })

  test('messages that go away while they are read end the connection', async () => {
    const { open, topic } = await prepared(
      { messages: 1_000, fetchSize: 100, compression: 'none' },
      'consume',
    )
    const connection = await open()
    expect(await send(connection)).toMatchObject({ name: 'received' })
    // makes kafkajs look for the leader
    await broker.admin.fetchTopicOffsets(topic)
    await broker.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '900' }] })
    await expect(send(connection)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' })
  })

  test('messages are written and read back, each by its own connection', async () => {
    const { open, audit, bytes } = await prepared({ inFlight: 8, partitions: 2 }, 'roundtrip')
    const connections = await Promise.all([0, 1, 2].map((index) => open(index, 3)))
    for (const outcomes of await Promise.all(connections.map((connection) => sendAll(connection, 300))))
      expect(countOf(outcomes)).toEqual({ received: 300 })
    expect(bytes).toEqual({ sent: 900_000, received: 900_000 })
    for (const finding of await audit())
      expect(finding).toMatchObject({ status: 'passed', examined: 900, violations: 0 })
  })

  test('a message that is refused is not waited for', async () => {
    const { open } = await prepared({ valueSize: '2MB' }, 'roundtrip')
    expect(await send(await open())).toMatchObject({
      name: 'MESSAGE_TOO_LARGE',
      ok: false,
      operation: 'roundtrip',
    })
  })

  test('an acknowledged message that is gone is found', async () => {
    const { open, audit, topic } = await prepared({ inFlight: 1, compression: 'none' })
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

  test('one that is there twice is found', async () => {
    const { open, audit, topic } = await prepared({ inFlight: 1 })
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

  test('one that is in the wrong place is found', async () => {
    const { open, audit, topic } = await prepared({ inFlight: 1 })
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
    const { open, audit, topic } = await prepared({ inFlight: 1 })
    await sendAll(await open(), 20)
    await broker.admin.deleteTopics({ topics: [topic] })
    await expect(audit()).rejects.toThrow(`has no topic "${topic}"`)
  })

  test('cleanup removes the topic that prepare made, and no other', async () => {
    const made = await prepared({ partitions: 2 })
    expect(await made.prepare()).toEqual({ topic: made.topic, partitions: 2, created: 'before' })
    await broker.admin.createTopics({ topics: [{ topic: 'theirs', numPartitions: 1 }], waitForLeaders: true })
    const theirs = flow(broker.url, { topic: 'theirs' })
    expect(await theirs.prepare()).toEqual({ topic: 'theirs', partitions: 1, created: false })
    await theirs.cleanup()
    await made.cleanup()
    await made.cleanup()
    const left = await broker.admin.listTopics()
    expect(left).toContain('theirs')
    expect(left).not.toContain(made.topic)
  })

  test('a topic of ours with another number of partitions is made anew; somebody else’s is refused', async () => {
    const { topic } = await prepared({ partitions: 2 })
    const other = flow(broker.url, { topic, partitions: 3 })
    expect(await other.prepare()).toEqual({ topic, partitions: 3, created: true })
    await broker.admin.createTopics({ topics: [{ topic: 'fixed', numPartitions: 1 }], waitForLeaders: true })
    await expect(flow(broker.url, { topic: 'fixed', partitions: 3 }).prepare()).rejects.toMatchObject({
      code: 'CB_TARGET',
      message: 'the topic "fixed" has 1 partitions, and options.partitions is 3',
    })
  })

  test('a topic that cannot be created says why', async () => {
    await expect(flow(broker.url, { topic: 'wide', replication: 3 }).prepare()).rejects.toMatchObject({
      code: 'CB_TARGET',
      message: expect.stringMatching(/cannot be created: .*INVALID_REPLICATION_FACTOR/s) as string,
    })
  })

  test('an unknown topic, and one that is not to be created, is refused', async () => {
    const unknown = flow(broker.url, { topic: 'nope', createTopic: false })
    for (const attempt of [unknown.prepare, unknown.open])
      await expect(attempt()).rejects.toMatchObject({
        code: 'CB_CONNECT',
        message: expect.stringContaining('has no topic "nope"') as string,
        next: expect.stringContaining('options.createTopic') as string,
      })
  })

  test('a topic without messages cannot be consumed', async () => {
    await broker.admin.createTopics({ topics: [{ topic: 'empty', numPartitions: 1 }], waitForLeaders: true })
    const empty = flow(broker.url, { topic: 'empty' }, 'consume')
    await empty.prepare()
    await expect(empty.open()).rejects.toThrow('there is nothing to read in partition 0 of the topic "empty"')
  })

  /** The same topic anew, with other contents: what a broker would have that loses, repeats or reorders messages. */
  async function rewrite(
    topic: string,
    change: (values: readonly string[]) => readonly string[],
  ): Promise<void> {
    const values = (await readAll(broker.kafka, topic, 20)).map(({ value }) => value)
    await broker.admin.deleteTopics({ topics: [topic] })
    await broker.admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true })
    const producer = broker.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    await producer.send({ topic, messages: change(values).map((value) => ({ value })) })
    await producer.disconnect()
  }
})

const zstd = {
  compress: () => Promise.reject(new Error('not needed')),
  decompress: async (packed: Buffer) => (await import('node:zlib')).zstdDecompressSync(packed),
}
