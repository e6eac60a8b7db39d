import { setTimeout as sleep } from 'node:timers/promises'
import { CloudbenchError } from '@cloudbench/core'
import { connectError } from '../connect-error.ts'
import { explainReply, sayReply } from '../error-replies.ts'
import { formatAddress, type Address } from '../target.ts'
import { codeOf, isMoved } from '../wire/protocol-errors.ts'
import { askMetadata, askOffset, type TopicMetadata } from '../wire/requests.ts'
import { openAny, openLinks, type Cluster } from './cluster.ts'
import type { Link } from './link.ts'

/** A partition and the broker that leads it. */
export interface Partition {
  readonly partition: number
  readonly leader: Address
}

/** What has to be true of a topic before it is used. */
interface Wanted {
  /** Errors that pass by themselves. */
  readonly passing: readonly string[]
  isReady(partitions: readonly Partition[]): boolean | Promise<boolean>
}

/** Between two looks at a topic that is not ready yet. */
const pauseMs = 50

/**
 * The partitions of a topic, in order, with their leaders. Waits while a leader is being elected.
 * @throws CloudbenchError when there is no such topic, or a partition is without a leader for too long.
 */
export async function partitionsOf(
  cluster: Cluster,
  topic: string,
  signal: AbortSignal,
): Promise<readonly Partition[]> {
  const wanted = { passing: ['LEADER_NOT_AVAILABLE'], isReady: () => true }
  return await untilReady(cluster, topic, signal, wanted)
}

/**
 * Waits until every leader knows a topic and answers for its partitions: a new topic takes a moment to reach every
 * broker, and one may have been elected without knowing it yet.
 * @param count How many partitions it was created with: with another number, it still is the one that it replaces.
 * @throws CloudbenchError when this takes too long.
 */
export async function untilServed(
  cluster: Cluster,
  topic: string,
  signal: AbortSignal,
  count?: number,
): Promise<readonly Partition[]> {
  return await untilReady(cluster, topic, signal, {
    passing: ['LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION'],
    isReady: (partitions) =>
      (count === undefined || partitions.length === count) && areServed(cluster, topic, partitions),
  })
}

async function untilReady(
  cluster: Cluster,
  topic: string,
  signal: AbortSignal,
  { passing, isReady }: Wanted,
): Promise<readonly Partition[]> {
  const link = await openAny(cluster)
  try {
    const untilMs = performance.now() + cluster.access.connectTimeoutMs
    for (;;) {
      const metadata = await describe(link, cluster, topic)
      const partitions = ledBy(metadata)
      if (partitions && (await isReady(partitions))) return partitions
      const isPassing = metadata.error === 'NONE' || passing.includes(metadata.error)
      if (!isPassing || performance.now() > untilMs)
        throw partitions
          ? notServed(topic, partitions.length, link.address)
          : unusable(topic, metadata, link.address)
      await sleep(pauseMs)
      signal.throwIfAborted()
    }
  } finally {
    await link.close()
  }
}

/** Whether each leader knows all partitions of the topic, and answers for those that it leads. */
async function areServed(
  cluster: Cluster,
  topic: string,
  partitions: readonly Partition[],
): Promise<boolean> {
  const links = await openLinks(cluster, partitions, () => {})
  try {
    for (const { leader, partition } of partitions) {
      const link = links.to(leader)
      if (ledBy(await describe(link, cluster, topic))?.length !== partitions.length) return false
      await askOffset(link, topic, partition, 'latest')
    }
    return true
  } catch (error) {
    if (isMoved(codeOf((error as NodeJS.ErrnoException).code ?? ''))) return false
    throw error
  } finally {
    await links.close()
  }
}

async function describe(link: Link, { access }: Cluster, topic: string): Promise<TopicMetadata> {
  try {
    return await askMetadata(link, topic)
  } catch (error) {
    throw connectError(error, link.address, access)
  }
}

/** The partitions, if there are any and each has a leader. */
function ledBy({ error, partitions }: TopicMetadata): readonly Partition[] | undefined {
  const led = partitions.flatMap(({ partition, leader }) =>
    leader === undefined ? [] : [{ partition, leader }],
  )
  return error === 'NONE' && led.length > 0 && led.length === partitions.length ? led : undefined
}

function notServed(topic: string, count: number, address: Address): CloudbenchError {
  return refusal(
    `${formatAddress(address)} describes ${count} partitions of ${JSON.stringify(topic)}, and not every broker that leads one serves it`,
    'a cluster that agrees on the topic',
    'look at it with kafka-topics.sh --describe, or raise options.connectTimeoutMs',
  )
}

function unusable(topic: string, { error, partitions }: TopicMetadata, address: Address): CloudbenchError {
  const where = formatAddress(address)
  if (error === 'UNKNOWN_TOPIC_OR_PARTITION')
    return refusal(
      `${where} has no topic ${JSON.stringify(topic)}`,
      'a topic that exists and that this user may see',
      'correct options.topic, or set options.createTopic to true',
    )
  const leaderless = partitions.filter(({ leader }) => leader === undefined)
  const what =
    error === 'NONE' && leaderless.length > 0
      ? `${leaderless.length} of ${partitions.length} partitions of ${JSON.stringify(topic)} have no leader`
      : `${where} does not describe the topic ${JSON.stringify(topic)}: ${sayReply(error)}`
  return refusal(...(explainReply(error, what) ?? explainReply('LEADER_NOT_AVAILABLE', what)!))
}

function refusal(what: string, expected: string, next: string): CloudbenchError {
  return new CloudbenchError({ code: 'CB_CONNECT', what, expected, next })
}
