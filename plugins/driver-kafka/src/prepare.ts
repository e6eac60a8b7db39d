import { CloudbenchError, type Facts, type TaskContext } from '@cloudbench/core'
import {
  clusterOf,
  openAny,
  openLinks,
  openNamed,
  placesOf,
  type Cluster,
  type Place,
} from './client/cluster.ts'
import { connectError } from './connect-error.ts'
import type { Link } from './client/link.ts'
import type { TopicOptions } from './options.ts'
import { codeOf, isMoved } from './wire/protocol-errors.ts'
import { askMetadata, askOffset, type TopicMetadata } from './wire/requests.ts'
import { shown } from './target.ts'
import { askCreateTopic, askDeleteTopic, askTopicSetting } from './wire/topic-requests.ts'

/**
 * How a topic of ours is known: by a setting that means nothing to topics that are not compacted, with a value that
 * nobody else would choose. It is set in the moment the topic is made, and goes with it.
 */
const mark = { setting: 'delete.retention.ms', value: '86400127' } as const

/** Between looks at what the cluster has not done yet. */
const pauseMs = 50

/** What `prepare` found or made. */
export interface Prepared {
  readonly facts: Facts
  readonly isNew: boolean
}

/**
 * Creates the topic unless there is one. One that was made before, with another number of partitions, is made anew.
 * @throws CloudbenchError when somebody else's has another number of partitions.
 */
export async function prepareTopic(context: TaskContext<TopicOptions>): Promise<Prepared> {
  const { options, signal } = context
  const { topic, partitions, createTopic } = options
  const cluster = await clusterOf(context)
  return await withController(cluster, topic, async (link, metadata) => {
    const count = metadata.partitions.length
    if (metadata.error === 'NONE') {
      const isOurs = (await askTopicSetting(link, topic, mark.setting)) === mark.value
      if (partitions === undefined || partitions === count)
        return { isNew: false, facts: { topic, partitions: count, created: isOurs ? 'before' : false } }
      if (!isOurs) throw otherPartitions(topic, partitions, count)
      await remove(link, topic)
    } else if (metadata.error !== 'UNKNOWN_TOPIC_OR_PARTITION' || !createTopic) {
      // says what is the matter with it
      const places = await placesOf(cluster, topic, signal)
      return { isNew: false, facts: { topic, partitions: places.length, created: false } }
    }
    const isNew = await create(link, options, metadata.error === 'NONE')
    const places = await untilThere(cluster, topic, signal)
    return { isNew, facts: { topic, partitions: places, created: true } }
  })
}

/** @returns false when somebody else was faster: two flows may share a topic. */
async function create(
  link: Link,
  { topic, partitions = 1, replication, connectTimeoutMs }: TopicOptions,
  isReplaced: boolean,
): Promise<boolean> {
  const untilMs = performance.now() + connectTimeoutMs
  for (;;) {
    const settings = { [mark.setting]: mark.value }
    const { error, message } = await askCreateTopic(link, { topic, partitions, replication, settings })
    if (error === 'NONE') return true
    if (error !== 'TOPIC_ALREADY_EXISTS')
      throw refused(
        `the topic ${JSON.stringify(topic)} cannot be created: ${message ?? error} (${error})`,
        error,
      )
    if (!isReplaced || performance.now() > untilMs) return false
    // the old one is not gone everywhere
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

async function remove(link: Link, topic: string): Promise<void> {
  const { error } = await askDeleteTopic(link, topic)
  if (error !== 'NONE' && error !== 'UNKNOWN_TOPIC_OR_PARTITION')
    throw refused(`the topic ${JSON.stringify(topic)} cannot be removed (${error})`, error)
}

/** Removes the topic if `prepare` has made it, in this run or in an earlier one. */
export async function cleanupTopic(context: TaskContext<TopicOptions>): Promise<void> {
  const { topic } = context.options
  const cluster = await clusterOf(context)
  await withController(cluster, topic, async (link, metadata) => {
    if (metadata.error !== 'NONE') return
    if ((await askTopicSetting(link, topic, mark.setting)) === mark.value) await remove(link, topic)
  })
}

/** Topics are created and removed by one broker, which has to be asked itself. */
async function withController<T>(
  cluster: Cluster,
  topic: string,
  work: (link: Link, metadata: TopicMetadata) => Promise<T>,
): Promise<T> {
  const links: Link[] = [await openAny(cluster)]
  const [first] = links as [Link]
  try {
    const metadata = await askMetadata(first, topic)
    const { controller } = metadata
    if (controller === undefined || shown(controller) === shown(first.address))
      return await work(first, metadata)
    const second = await openNamed(cluster, controller)
    links.push(second)
    return await work(second, metadata)
  } catch (error) {
    throw connectError(error, first.address, cluster.access)
  } finally {
    await Promise.all(links.map((link) => link.close()))
  }
}

/** A new topic is not known to every broker at once. @returns how many partitions it has. */
async function untilThere(cluster: Cluster, topic: string, signal: AbortSignal): Promise<number> {
  const untilMs = performance.now() + cluster.access.connectTimeoutMs
  for (;;) {
    signal.throwIfAborted()
    try {
      const places = await placesOf(cluster, topic, signal)
      await askEach(cluster, topic, places)
      return places.length
    } catch (error) {
      if (!isPassing(error) || performance.now() > untilMs) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** A leader may have been elected and not know it yet. */
async function askEach(cluster: Cluster, topic: string, places: readonly Place[]): Promise<void> {
  const links = await openLinks(cluster, places, () => {})
  try {
    for (const { leader, partition } of places) await askOffset(links.to(leader), topic, partition, 'latest')
  } finally {
    await links.close()
  }
}

function isPassing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return message.includes('has no topic') || isMoved(codeOf(code ?? ''))
}

function otherPartitions(topic: string, wanted: number, found: number): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: `the topic ${JSON.stringify(topic)} has ${found} partitions, and options.partitions is ${wanted}`,
    expected: 'the number that it has, or a topic that does not exist yet',
    next: `options.partitions: ${found}, or another options.topic`,
  })
}

function refused(what: string, error: string): CloudbenchError {
  const isForbidden = error.endsWith('AUTHORIZATION_FAILED')
  return new CloudbenchError({
    code: 'CB_TARGET',
    what,
    expected: isForbidden
      ? 'the permissions Create, Delete and DescribeConfigs on the topic'
      : 'partitions and replicas that the cluster has brokers for',
    next: isForbidden
      ? 'let an administrator grant them, or create the topic and set options.createTopic to false'
      : 'correct options.partitions and options.replication, or create the topic by hand',
  })
}
