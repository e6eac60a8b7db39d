import { randomBytes } from 'node:crypto'
import { errorWithCode, within } from '@cloudbench/driver-kit'
import type { GroupPartitionsAssigner } from '@platformatic/kafka'
import type { OpenTopic } from '../../client/topic.ts'
import type { Follower, FollowOptions, Lane, Producer, ProducerOptions } from '../lane.ts'
import { createParcelProducer } from '../parcels.ts'
import { loadModule, optionsOf, watch, type Module } from './client.ts'
import { faultIn, lossIn } from './fault.ts'

/** How long a broker may wait for a message, as with frames of our own. */
const fetchWaitMs = 500

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
  const { topic, acks, compression, isIdempotent } = options
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
      async send({ values, partition }) {
        const messages = values.map((value) => ({ topic, partition, value }))
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
async function follow(
  { Consumer, Admin, FetchIsolationLevels }: Module,
  { cluster, loss }: OpenTopic,
  { topic, partition, startOffset, onMessage }: FollowOptions,
): Promise<Follower> {
  const groupId = `cloudbench-${randomBytes(6).toString('hex')}`
  const consumer = new Consumer({
    ...optionsOf(cluster),
    // joining again is no request of the load
    retries: 5,
    groupId,
    maxWaitTime: fetchWaitMs,
    isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
    partitionAssigner: assigner([partition]),
  })
  const sockets = watch(consumer, cluster, loss)
  const admin = new Admin(optionsOf(cluster))
  const adminSockets = watch(admin, cluster, loss)
  const close = async (): Promise<void> => {
    await sockets.close(() => consumer.close(true))
    await adminSockets.close(async () => {
      await admin.deleteGroups({ groups: [groupId] })
      await admin.close()
    })
  }
  try {
    const offsets = [{ topic, partition, offset: BigInt(startOffset) }]
    const stream = await within(cluster.access.connectTimeoutMs, () =>
      consumer.consume({ topics: [topic], mode: 'manual', offsets }),
    )
    stream.on('error', (error) => loss.report(lossIn(error, `reading ${topic}`)))
    stream.on('data', ({ value }) => {
      if (value) onMessage(value, 0, value.length)
    })
    return { close }
  } catch (error) {
    await close()
    throw lossIn(error, `joining a group for ${topic}`)
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
