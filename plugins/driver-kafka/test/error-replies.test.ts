import { CloudbenchError } from '@cloudbench/core'
import { refusalOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import kafkajs from 'kafkajs'
import { describe, expect, test, vi } from 'vitest'
import { taskError } from '../src/connect-error.ts'
import driver from '../src/index.ts'
import { api, apiVersions, type Api } from '../src/wire/api.ts'
import { codeOf, protocolError } from '../src/wire/protocol-errors.ts'
import { Writer } from '../src/wire/writer.ts'
import { startLimitMs, user, withoutKafka } from './servers/kafka.ts'
import { produceAnswer, producedIn, scriptedBroker, type Said } from './servers/scripted.ts'
import { createTopic, sharedKafka, topicFlows } from './servers/shared.ts'

/** A broker that answers one kind of request with what the test says. */
async function answering({ key }: Api, body: () => Buffer): Promise<string> {
  const { url } = await scriptedBroker({
    take(request) {
      if (request.key === key) request.answer(body())
      return request.key === key
    },
  })
  return url
}

const topicAnswer = (name: string): Writer =>
  new Writer().int32(0).array(['t'], (topic, to) => to.string(topic).int16(codeOf(name)))

test.each([
  ['CLUSTER_AUTHORIZATION_FAILED', /may not do that with the cluster/, /kafka-acls\.sh/],
  ['INVALID_CONFIG', /setting of the topic/, /options\.createTopic to false/],
  ['INVALID_PARTITIONS', /number of partitions/, /options\.partitions/],
  ['INVALID_REPLICATION_FACTOR', /fewer brokers than replicas/, /options\.replication/],
  ['INVALID_TOPIC_EXCEPTION', /name of the topic/, /options\.topic/],
  ['NOT_CONTROLLER', /another controller/, /run it again/],
  ['POLICY_VIOLATION', /a policy of the cluster/, /options\.createTopic to false/],
  ['REQUEST_TIMED_OUT', /in time/, /logs/],
  ['THROTTLING_QUOTA_EXCEEDED', /quota/, /raise the quota/],
  ['TOPIC_AUTHORIZATION_FAILED', /may not do that with the topic/, /kafka-acls\.sh/],
  ['UNKNOWN_SERVER_ERROR', /UNKNOWN_SERVER_ERROR: said the broker/, /options\.createTopic to false/],
])('a topic that is not created because of %s: why, and what to do', async (name, what, next) => {
  const url = await answering(api.createTopics, () => topicAnswer(name).string('said the broker').written)
  const error = await refusalOf(openFlow(driver, url, { topic: 't' }).prepare())
  expect(error.code).toBe('CB_TARGET')
  expect(error.message).toMatch(/^the topic "t" cannot be created: /)
  expect(error.message).toContain(`${name}: said the broker`)
  expect(error.message).toMatch(what)
  expect(error.expected).toMatch(/\w{4}/)
  expect(error.next).toMatch(next)
})

test('a topic that the cluster does not remove', async () => {
  const url = await answering(api.deleteTopics, () => topicAnswer('TOPIC_DELETION_DISABLED').written)
  await openFlow(driver, url, { topic: 't', partitions: 1 }).prepare()
  expect(await refusalOf(openFlow(driver, url, { topic: 't', partitions: 2 }).prepare())).toMatchObject({
    code: 'CB_TARGET',
    message: expect.stringMatching(/cannot be removed: .*TOPIC_DELETION_DISABLED/) as string,
    next: expect.stringContaining('options.partitions') as string,
  })
})

test('a broker that does not understand what the load sends', async () => {
  const versions = [...Object.values(api), apiVersions]
  const url = await answering(
    apiVersions,
    () =>
      new Writer()
        .int16(0)
        .array(versions, ({ key }, to) =>
          to
            .int16(key)
            .int16(0)
            .int16(key === api.produce.key ? 7 : 11),
        )
        .int32(0).written,
  )
  const error = await refusalOf(openFlow(driver, url).prepare())
  expect(error).toMatchObject({ code: 'CB_TARGET', expected: expect.stringContaining('Kafka 2.4') as string })
  expect(error.message).toMatch(/lacks produce version 8 \(it has 0 to 7\).*UNSUPPORTED_VERSION/)
})

test('errors of other requests, and other errors', () => {
  const explained = taskError(protocolError(codeOf('NOT_ENOUGH_REPLICAS'), 'filling t', 'one is down'))
  expect(explained).toBeInstanceOf(CloudbenchError)
  expect((explained as CloudbenchError).message).toMatch(
    /^filling t: fewer replicas .* \(NOT_ENOUGH_REPLICAS: one is down\)$/,
  )
  const other = new Error('This operation was aborted')
  expect(taskError(other)).toBe(other)
})

test.each<readonly [string, Said, string]>([
  ['the first message', { messages: [undefined, 'no key'], batch: 'in all' }, 'INVALID_RECORD: no key)'],
  ['or the batch', { batch: 'a schema is missing' }, 'INVALID_RECORD: a schema is missing)'],
  ['if anything', {}, '(INVALID_RECORD)'],
])('what the broker says of a refused message is the example: %s', async (_, said, expected) => {
  const { url } = await scriptedBroker({
    take(request) {
      if (request.key !== api.produce.key) return false
      request.answer(produceAnswer(producedIn(request), codeOf('INVALID_RECORD'), said))
      return true
    },
  })
  for (const workload of ['produce', 'roundtrip']) {
    const { prepare, open, send } = openFlow(driver, url, {}, { workload })
    await prepare()
    const { name, ok, example } = await send(await open())
    expect({ name, ok }).toEqual({ name: 'INVALID_RECORD', ok: false })
    expect(example).toMatch(/^the broker refused it: the broker does not accept these messages /)
    expect(example).toContain(expected)
  }
})

test('an example is short', async () => {
  const { url } = await scriptedBroker({
    take(request) {
      if (request.key !== api.produce.key) return false
      request.answer(produceAnswer(producedIn(request), 999, { batch: 'x'.repeat(9_000) }))
      return true
    },
  })
  const { prepare, open, send } = openFlow(driver, url)
  await prepare()
  expect((await send(await open())).example).toHaveLength(300)
})

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()
  const prepared = topicFlows('replies', broker.url)

  test('what a real broker says of messages that it refuses', async () => {
    const topics = {
      'replies-compacted': ['cleanup.policy', 'compact', 'INVALID_RECORD: Compacted topic cannot accept'],
      'replies-small': ['max.message.bytes', '100', 'MESSAGE_TOO_LARGE'],
    } as const
    for (const [topic, [name, value, expected]] of Object.entries(topics)) {
      await createTopic(broker.admin, { topic, numPartitions: 1, configEntries: [{ name, value }] })
      const { open, send } = openFlow(driver, broker.url, { topic, compression: 'none' })
      expect((await send(await open())).example).toContain(expected)
    }
  })

  test('what a user may not do', async () => {
    const { topic } = await prepared()
    const url = broker.saslUrl.replace('//', `//${user.username}:${user.password}@`)
    await allowOnly(topic, kafkajs.AclOperationTypes.WRITE)
    const writer = openFlow(driver, url, { topic })
    expect(writer.countOf(await writer.sendAll(await writer.open(), 10))).toEqual({ stored: 10 })
    const unreadable = await refusalOf(writer.audit())
    expect(unreadable).toMatchObject({
      code: 'CB_TARGET',
      message: expect.stringContaining('TOPIC_AUTHORIZATION_FAILED') as string,
      next: expect.stringContaining('kafka-acls.sh') as string,
    })

    await allowOnly(topic, kafkajs.AclOperationTypes.READ)
    const reader = openFlow(driver, url, { topic })
    expect(await reader.send(await reader.open())).toMatchObject({
      name: 'TOPIC_AUTHORIZATION_FAILED',
      example: expect.stringContaining('this user may not do that with the topic') as string,
    })
  })

  /** Gives the user one right on a topic, and waits until the broker knows. */
  async function allowOnly(topic: string, operation: kafkajs.AclOperationTypes): Promise<void> {
    const resource = {
      resourceType: kafkajs.AclResourceTypes.TOPIC,
      resourceName: topic,
      resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
    }
    const rule = {
      ...resource,
      principal: `User:${user.username}`,
      host: '*',
      operation,
      permissionType: kafkajs.AclPermissionTypes.ALLOW,
    }
    const all = {
      ...resource,
      operation: kafkajs.AclOperationTypes.ANY,
      permissionType: kafkajs.AclPermissionTypes.ANY,
    }
    await broker.admin.deleteAcls({ filters: [all] })
    await broker.admin.createAcls({ acl: [rule] })
    await vi.waitFor(
      async () => {
        const { resources } = await broker.admin.describeAcls(all)
        expect(resources.map(({ acls }) => acls.map((acl) => acl.operation))).toEqual([[operation]])
      },
      { timeout: startLimitMs },
    )
  }
})
