import { readFile } from 'node:fs/promises'
import { within } from '@cloudbench/driver-kit'
import { openFlow, type Flow, type FlowOptions } from '@cloudbench/testkit/flow'
import type { Admin, ITopicConfig, Kafka } from 'kafkajs'
import { afterAll, beforeAll, expect, inject, vi } from 'vitest'
import type { ClientName } from '../../src/clients.ts'
import driver from '../../src/index.ts'
import { kafkaClient, startLimitMs, type Listeners } from './kafka.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly kafka: Listeners & {
      /** Appears when the broker is up, and is empty unless it failed to start. */
      readonly startedFile: string
    }
  }
}

export interface SharedKafka extends Listeners {
  /** An ordinary client of the test's own. */
  readonly kafka: Kafka
  readonly admin: Admin
}

const nowhere = { url: '', saslUrl: '', tlsUrl: '', startedFile: '' }

/** The broker of the package, for a `describe` that is skipped where there is none. */
export function sharedKafka(): SharedKafka {
  const { startedFile, ...listeners } = inject('kafka') ?? nowhere
  const kafka = kafkaClient(listeners.url)
  const admin = kafka.admin()
  beforeAll(async () => {
    const failure = await vi.waitFor(() => readFile(startedFile, 'utf8'), { timeout: startLimitMs })
    if (failure !== '') throw new Error(failure)
    await admin.connect()
  }, startLimitMs)
  afterAll(() => admin.disconnect())
  return { ...listeners, kafka, admin }
}

/**
 * Creates a topic as an ordinary client does, and waits until its leaders answer. kafkajs cannot do the waiting: it gives
 * up when the broker that it asks does not know the topic yet.
 */
export async function createTopic(admin: Admin, config: ITopicConfig): Promise<void> {
  await admin.createTopics({ topics: [config], waitForLeaders: false })
  await vi.waitFor(() => admin.fetchTopicOffsets(config.topic), { timeout: startLimitMs })
}

/** Removes a topic, and waits until the broker no longer knows it. */
export async function removeTopic(admin: Admin, topic: string): Promise<void> {
  await admin.deleteTopics({ topics: [topic] })
  await vi.waitFor(async () => expect(await admin.listTopics()).not.toContain(topic), {
    timeout: startLimitMs,
  })
}

/** Opens flows of the tests in a file, each with a topic of its own, which it has prepared. */
export function topicFlows(name: string, url: string, workload = 'produce', client: ClientName = 'wire') {
  let topics = 0
  // kafkajs keeps the order only then, and the audit examines it only where it is kept
  const inOrder = client === 'wire' || workload === 'consume' ? {} : { batchesInFlight: 1 }
  return async (
    options: Readonly<Record<string, unknown>> = {},
    given: FlowOptions = {},
  ): Promise<Flow & { readonly topic: string }> => {
    const topic = `${name}-${client}-${topics++}`
    const flow = openFlow(driver, url, { client, topic, ...inOrder, ...options }, { workload, ...given })
    await flow.prepare()
    return { topic, ...flow }
  }
}

/** Everything a topic holds, as an ordinary consumer reads it. */
export interface Stored {
  readonly partition: number
  readonly value: string
  readonly traceparent: string | undefined
}

/** How long kafkajs may take to join a group and read, before another group is tried: a join of it that stalls never ends. */
const readLimitMs = 40_000

export async function readAll(kafka: Kafka, topic: string, count: number): Promise<readonly Stored[]> {
  return await vi.waitFor(() => readOnce(kafka, topic, count), { timeout: 4 * readLimitMs, interval: 100 })
}

async function readOnce(kafka: Kafka, topic: string, count: number): Promise<readonly Stored[]> {
  const consumer = kafka.consumer({ groupId: `test-${topic}-${process.hrtime().join('-')}` })
  const stored: Stored[] = []
  const all = Promise.withResolvers<void>()
  consumer.on('consumer.crash', ({ payload }) => {
    // otherwise it begins again by itself
    if (!payload.restart) all.reject(payload.error)
  })
  const read = async (): Promise<void> => {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        const traceparent = message.headers?.['traceparent']?.toString()
        stored.push({ partition, value: String(message.value), traceparent })
        if (stored.length >= count) all.resolve()
      },
    })
    await all.promise
  }
  try {
    await within(readLimitMs, read)
    return stored
  } finally {
    await within(5_000, () => consumer.disconnect()).catch(() => {})
  }
}
