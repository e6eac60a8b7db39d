import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import type { Request } from '../../src/loopback/request.ts'
import { api } from '../../src/wire/api.ts'
import { codeOf } from '../../src/wire/protocol-errors.ts'
import { Writer } from '../../src/wire/writer.ts'
import { scriptedBroker } from '../servers/scripted.ts'

// a topic takes a moment to reach, or to leave, every broker.

const topic = 'spreading'
const staleAnswers = 3

function offsetAnswer(error: string): Buffer {
  return new Writer()
    .int32(0)
    .array([topic], (name, to) =>
      to.string(name).array([0], (partition) => to.int32(partition).int16(codeOf(error)).int64(-1).int64(-1)),
    ).written
}

test.each(['NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_TOPIC_OR_PARTITION'])(
  'prepare asks again while a leader answers %s for a topic that it created, or found',
  async (error) => {
    let left = staleAnswers
    const { url } = await scriptedBroker({
      take({ key, answer }) {
        if (key !== api.listOffsets.key || left === 0) return false
        left--
        answer(offsetAnswer(error))
        return true
      },
    })
    for (const created of [true, 'before']) {
      left = staleAnswers
      expect(await openFlow(driver, url, { topic }).prepare()).toEqual({ topic, partitions: 1, created })
      expect(left).toBe(0)
    }
  },
)

test('a leader that never answers for its partition is named when connectTimeoutMs has passed', async () => {
  const { url } = await scriptedBroker({
    take({ key, answer }) {
      if (key === api.listOffsets.key) answer(offsetAnswer('NOT_LEADER_OR_FOLLOWER'))
      return key === api.listOffsets.key
    },
  })
  await expect(openFlow(driver, url, { topic, connectTimeoutMs: '2s' }).prepare()).rejects.toMatchObject({
    code: 'CB_CONNECT',
    message: expect.stringMatching(/describes 1 partitions of "spreading", and not every broker/) as string,
    next: expect.stringContaining('connectTimeoutMs') as string,
  })
})

/** A broker that goes on describing the topic as it was, for a few answers after a request of some kind. */
async function describingLate(after: (typeof api)[keyof typeof api]) {
  let left = 0
  let isDeleted = false
  let described: Buffer | undefined
  const { url } = await scriptedBroker({
    take(request: Request) {
      const { key, answer } = request
      isDeleted ||= key === api.deleteTopics.key
      if (key === after.key && isDeleted) left = staleAnswers
      if (key !== api.metadata.key) return false
      if (left > 0) {
        left--
        answer(described)
        return true
      }
      const keep = (body: Buffer | undefined): void => {
        if (!isDeleted) described = body
        answer(body)
      }
      Object.assign(request, { answer: keep })
      return false
    },
  })
  return { url, left: () => left }
}

test('prepare is not taken in by metadata of the topic that it replaced', async () => {
  const { url, left } = await describingLate(api.createTopics)
  await openFlow(driver, url, { topic, partitions: 2 }).prepare()
  expect(await openFlow(driver, url, { topic, partitions: 3 }).prepare()).toEqual({
    topic,
    partitions: 3,
    created: true,
  })
  expect(left()).toBe(0)
})

test('cleanup waits until the topic is gone', async () => {
  const { url, left } = await describingLate(api.deleteTopics)
  const { prepare, cleanup } = openFlow(driver, url, { topic })
  await prepare()
  await cleanup()
  expect(left()).toBe(0)
  expect(await prepare()).toMatchObject({ created: true })
})
