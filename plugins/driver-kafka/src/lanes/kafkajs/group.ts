import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Consumer, type ConsumerRunConfig, type PartitionAssigner } from 'kafkajs'
import type { OpenTopic } from '../../client/topic.ts'
import { errorName, isPassing } from '../../wire/protocol-errors.ts'
import { createClient, type Client } from './client.ts'
import { useAllCodecs } from './codecs.ts'
import { faultIn, lossIn } from './fault.ts'

/** A consumer alone in a group of its own: a group decides who reads what, not what reading costs. */
export interface GroupOfOne {
  readonly consumer: Consumer
  close(): Promise<void>
}

interface GroupOptions {
  readonly topic: string
  /** By partition, where reading starts. */
  readonly starts: ReadonlyMap<number, number>
  readonly fetchBytes?: number
  run(consumer: Consumer): ConsumerRunConfig
}

/** How long a broker may wait for a message, as with frames of our own. */
const fetchWaitMs = 500
/** Between two attempts to join, while the cluster is not ready for groups. */
const pauseMs = 100

/** Joins a group that has only those partitions. Resolves when it has them. */
export async function openGroup(topic: OpenTopic, options: GroupOptions): Promise<GroupOfOne> {
  useAllCodecs()
  const untilMs = performance.now() + topic.cluster.access.connectTimeoutMs
  for (;;) {
    const client = createClient(topic.cluster, topic.loss)
    const groupId = `cloudbench-${randomBytes(6).toString('hex')}`
    const { consumer, crashed } = create(client, groupId, topic, options)
    const close = (): Promise<void> => {
      crashed.isOpen = false
      return client.close(() => leave(client, consumer, groupId))
    }
    try {
      await consumer.connect()
      await consumer.subscribe({ topic: options.topic, fromBeginning: true })
      // resolves when the group was joined, or when that has failed
      await consumer.run(options.run(consumer))
      if (crashed.error === undefined) {
        for (const [partition, offset] of options.starts)
          consumer.seek({ topic: options.topic, partition, offset: String(offset) })
        crashed.isOpen = true
        return { consumer, close }
      }
      throw crashed.error
    } catch (error) {
      await close()
      if (topic.loss.error || !mayPass(error) || performance.now() > untilMs)
        throw lossIn(error, `joining a group for ${options.topic}`)
      await sleep(pauseMs)
    }
  }
}

/** A cluster that is new to groups takes a moment until it has a coordinator for them. */
function mayPass(error: unknown): boolean {
  const fault = faultIn(error)
  if ('code' in fault) return isPassing(errorName(fault.code))
  return (fault.broken as { retriable?: unknown }).retriable === true
}

interface Crash {
  /** It is read from: an error ends the connection. */
  isOpen: boolean
  error: Error | undefined
}

function create({ kafka }: Client, groupId: string, { loss }: OpenTopic, options: GroupOptions) {
  const crashed: Crash = { isOpen: false, error: undefined }
  const consumer = kafka.consumer({
    groupId,
    // as with frames of our own
    readUncommitted: true,
    maxWaitTimeInMs: fetchWaitMs,
    allowAutoTopicCreation: false,
    ...(options.fetchBytes !== undefined && { maxBytesPerPartition: options.fetchBytes }),
    partitionAssigners: [assigner([...options.starts.keys()])],
    retry: { retries: 0, restartOnFailure: async () => false },
  })
  consumer.on(consumer.events.CRASH, ({ payload: { error } }) => {
    crashed.error ??= error
    if (crashed.isOpen) loss.report(lossIn(error, `reading ${options.topic}`))
  })
  return { consumer, crashed }
}

/** Gives its only member those partitions, and no others of the topic. */
function assigner(partitions: number[]): PartitionAssigner {
  const name = 'cloudbench'
  return () => ({
    name,
    version: 0,
    assign: async ({ members, topics }) =>
      members.map(({ memberId }) => ({
        memberId,
        memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
          version: 0,
          assignment: Object.fromEntries(topics.map((topic) => [topic, partitions])),
          userData: Buffer.alloc(0),
        }),
      })),
    protocol: ({ topics }) => ({
      name,
      metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({
        version: 0,
        topics,
        userData: Buffer.alloc(0),
      }),
    }),
  })
}

/** Leaves nothing of the group on the brokers. */
async function leave({ kafka }: Client, consumer: Consumer, groupId: string): Promise<void> {
  await consumer.disconnect()
  const admin = kafka.admin({ retry: { retries: 0 } })
  try {
    await admin.connect()
    await admin.deleteGroups([groupId])
  } finally {
    await admin.disconnect()
  }
}
