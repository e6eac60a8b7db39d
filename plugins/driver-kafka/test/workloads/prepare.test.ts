import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { withoutKafka } from '../servers/kafka.ts'
import { createTopic, sharedKafka, topicFlows } from '../servers/shared.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()
  const prepared = topicFlows('prepare', broker.url)

  test('cleanup removes the topic that prepare made, and no other', async () => {
    const made = await prepared({ partitions: 2 })
    expect(await made.prepare()).toEqual({ topic: made.topic, partitions: 2, created: 'before' })
    await createTopic(broker.admin, { topic: 'theirs', numPartitions: 1 })
    const theirs = openFlow(driver, broker.url, { topic: 'theirs' })
    expect(await theirs.prepare()).toEqual({ topic: 'theirs', partitions: 1, created: false })
    await theirs.cleanup()
    await made.cleanup()
    await made.cleanup()
    const left = await broker.admin.listTopics()
    expect(left).toContain('theirs')
    expect(left).not.toContain(made.topic)
  })

  test('a topic of ours with other numbers is replaced; someone else’s is refused', async () => {
    const { topic } = await prepared({ partitions: 2 })
    const other = openFlow(driver, broker.url, { topic, partitions: 3 })
    expect(await other.prepare()).toEqual({ topic, partitions: 3, created: true })
    await createTopic(broker.admin, { topic: 'fixed', numPartitions: 1 })
    await expect(
      openFlow(driver, broker.url, { topic: 'fixed', partitions: 3 }).prepare(),
    ).rejects.toMatchObject({
      code: 'CB_TARGET',
      message: 'the topic "fixed" has 1 partitions, and options.partitions is 3',
    })
    await expect(
      openFlow(driver, broker.url, { topic: 'fixed', replication: 2 }).prepare(),
    ).rejects.toMatchObject({
      code: 'CB_TARGET',
      message: 'the topic "fixed" has 1 replicas of each partition, and options.replication is 2',
      next: expect.stringContaining('set options.replication to 1') as string,
    })
  })

  test('when a topic cannot be created, the error says why', async () => {
    await expect(
      openFlow(driver, broker.url, { topic: 'wide', replication: 3 }).prepare(),
    ).rejects.toMatchObject({
      code: 'CB_TARGET',
      message: expect.stringMatching(/cannot be created: .*INVALID_REPLICATION_FACTOR/s) as string,
    })
  })

  test('an unknown topic that is not to be created is refused', async () => {
    const unknown = openFlow(driver, broker.url, { topic: 'nope', createTopic: false })
    for (const attempt of [unknown.prepare, unknown.open])
      await expect(attempt()).rejects.toMatchObject({
        code: 'CB_CONNECT',
        message: expect.stringContaining('has no topic "nope"') as string,
        next: expect.stringContaining('options.createTopic') as string,
      })
  })
})
