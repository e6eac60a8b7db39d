import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorWithCode, within } from '@cloudbench/driver-kit'
import type { GroupPartitionsAssigner } from '@platformatic/kafka'
import type { OpenTopic } from '../../client/topic.ts'
import { errorName, isPassing } from '../../wire/protocol-errors.ts'
import type { Follower, FollowOptions, Lane, Producer, ProducerOptions } from '../lane.ts'
import { createParcelProducer } from '../parcels.ts'
import { loadModule, optionsOf, watch, type Module } from './client.ts'
import { faultIn, lossIn } from './fault.ts'

/** How long a broker may wait for a message, as with frames of our own. */
const fetchWaitMs = 500
const traceparent = Buffer.from('traceparent')

/** Between two attempts to join. */
const pauseMs = 100

/** @platformatic/kafka, as an application uses it. */
export async function openLane(folder: string): Promise<Lane> {
  const module = await loadModule(folder)
  return {
    usesLinks: false,
    // it compresses several at once
    keepsOrder: ({ batchesInFlight, inFlight }) => Math.min(batchesInFlight, inFlight) === 1,
    openProducer: (opened, options) => openProducer(module, opened, options),
    openConsumer() {
      // refused in options
      throw errorWithCode('UNSUPPORTED_CLIENT', 'this client cannot go back to the beginning of a partition')
    },
    follow: (opened, options) => follow(module, opened, options),
  }
}

/** A batch is one `send`. Its partition is named, as with every lane, so that it is one request. */
async function openProducer(
  { Producer: Client }: Module,
  { cluster, partitions, loss }: OpenTopic,
  options: ProducerOptions,
): Promise<Producer> {
  const { topic, acks, compression, isIdempotent, trace } = options
  const producer = new Client({
    ...optionsOf(cluster),
    compression,
    timeout: options.ackTimeoutMs,
    repeatOnStaleMetadata: false,
    // without limit unless there is one above 1
    ...(isIdempotent && { idempotent: true, retries: 2 }),
  })
  const sockets = watch(producer, cluster, loss)
  const close = (): Promise<void> => sockets.close(() => producer.close())
  try {
    await within(cluster.access.connectTimeoutMs, () => producer.metadata({ topics: [topic] }))
  } catch (error) {
    await close()
    throw lossIn(error, `opening a producer for ${topic}`)
  }
  const numbers = partitions.map(({ partition }) => partition)
  return createParcelProducer(
    {
      async send({ values, slots, partition }) {
        const messages = values.map((value, at) => ({
          topic,
          partition,
          value,
          ...(trace && {
            headers: new Map([[traceparent, Buffer.from(trace.traceparent(slots[at]!.index))]]),
          }),
        }))
        // of its constructor it takes everything else
        const { offsets } = await producer.send({ messages, acks })
        return acks === 0 ? -1 : Number(offsets![0]!.offset)
      },
      read: faultIn,
      close,
    },
    numbers,
    options,
  )
}

/** A consumer alone in a group of its own, with one partition; every message by itself, as its stream gives it. */
async function follow(module: Module, opened: OpenTopic, options: FollowOptions): Promise<Follower> {
  const untilMs = performance.now() + opened.cluster.access.connectTimeoutMs
  for (;;)
    try {
      return await join(module, opened, options)
    } catch (error) {
      const fault = faultIn(error)
      // a cluster that is new to groups takes a moment until it has a coordinator for them
      const isLater = 'code' in fault && isPassing(errorName(fault.code)) && performance.now() < untilMs
      if (opened.loss.error || !isLater) throw lossIn(error, `joining a group for ${options.topic}`)
      await sleep(pauseMs)
    }
}

async function join(
  { Consumer, Admin, FetchIsolationLevels }: Module,
  { cluster, loss }: OpenTopic,
  { topic, partition, startOffset, onMessage }: FollowOptions,
): Promise<Follower> {
  const groupId = `cloudbench-${randomBytes(6).toString('hex')}`
  const consumer = new Consumer({
    ...optionsOf(cluster),
    groupId,
    maxWaitTime: fetchWaitMs,
    isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
    partitionAssigner: assigner([partition]),
  })
  const sockets = watch(consumer, cluster, loss)
  let stream: Readable | undefined
  const close = async (): Promise<void> => {
    // of a stream that waits for a broker that is gone, no group is left
    if (loss.error) stream?.destroy()
    await sockets.close(() => consumer.close(true))
    if (loss.error) return
    const admin = new Admin(optionsOf(cluster))
    await watch(admin, cluster, loss).close(async () => {
      await admin.deleteGroups({ groups: [groupId] })
      await admin.close()
    })
  }
  try {
    const offsets = [{ topic, partition, offset: BigInt(startOffset) }]
    const messages = await within(cluster.access.connectTimeoutMs, () =>
      consumer.consume({ topics: [topic], mode: 'manual', offsets }),
    )
    stream = messages
    messages.on('error', (error) => loss.report(lossIn(error, `reading ${topic}`)))
    messages.on('data', ({ value }) => {
      if (value) onMessage(value, 0, value.length)
    })
    return { close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Gives its only member those partitions, and no others of the topic. */
function assigner(partitions: number[]): GroupPartitionsAssigner {
  return (_, members, topics) =>
    Array.from(members.keys(), (memberId) => ({
      memberId,
      assignments: new Map(Array.from(topics, (topic) => [topic, { topic, partitions }])),
    }))
}
