import { setTimeout as sleep } from 'node:timers/promises'
import { CloudbenchError, type Facts, type TaskContext } from '@cloudbench/core'
import { clusterOf } from './client/cluster.ts'
import { withController } from './client/controller.ts'
import type { Link } from './client/link.ts'
import { partitionsOf, untilServed } from './client/partitions.ts'
import { refusal } from './connect-error.ts'
import type { TopicOptions } from './options.ts'
import { isReadable, numbered } from './wire/compression.ts'
import { askMetadata } from './wire/requests.ts'
import { askCreateTopic, askDeleteTopic, askTopicSetting, isCompacted } from './wire/topic-requests.ts'

/**
 * How we recognise a topic that we created: by a setting that has no effect on topics that are not compacted, with a
 * value that no one else would choose. It is set when the topic is created, and goes with it.
 */
const mark = { setting: 'delete.retention.ms', value: '86400127' } as const

/** Between two looks at a topic that is not gone yet. */
const pauseMs = 50

/**
 * Creates the topic unless it exists. One of ours that has another number of partitions or replicas is replaced.
 * @throws CloudbenchError when someone else's topic has another number.
 */
export async function prepare(context: TaskContext<TopicOptions>): Promise<Facts> {
  const { options, signal } = context
  const { topic, partitions, replication, createTopic } = options
  const cluster = await clusterOf(context)
  const facts = await withController(cluster, topic, async (link, metadata) => {
    const count = metadata.partitions.length
    const replicas = metadata.partitions[0]?.replicas ?? 0
    if (metadata.error === 'NONE') {
      const isOurs = (await askTopicSetting(link, topic, mark.setting)) === mark.value
      if (isWanted(partitions, count) && isWanted(replication, replicas)) {
        // another flow may have created it a moment ago
        await untilServed(cluster, topic, signal, count)
        return { topic, partitions: count, created: isOurs ? 'before' : false }
      }
      if (!isOurs)
        throw isWanted(partitions, count)
          ? otherNumber(topic, 'replication', `${replicas} replicas of each partition`, replicas, replication)
          : otherNumber(topic, 'partitions', `${count} partitions`, count, partitions)
      await remove(link, options)
    } else if (metadata.error !== 'UNKNOWN_TOPIC_OR_PARTITION' || !createTopic) {
      // throws with what is wrong with the topic, unless that passes
      const found = await partitionsOf(cluster, topic, signal)
      return { topic, partitions: found.length, created: false }
    }
    const isCreated = await create(link, options, metadata.error === 'NONE')
    const served = await untilServed(cluster, topic, signal, isCreated ? (partitions ?? 1) : undefined)
    return { topic, partitions: served.length, created: true }
  })
  await withController(cluster, topic, async (link) => {
    await requireReadable(link, topic)
    if (context.workload !== 'consume' && (await isCompacted(link, topic)))
      context.log.warn(`the topic ${JSON.stringify(topic)} is compacted: it refuses messages without a key`)
  })
  return facts
}

/** A broker compresses what it stores as the topic says, or as its own default does, whatever a producer sends. */
async function requireReadable(link: Link, topic: string): Promise<void> {
  const type = await askTopicSetting(link, topic, 'compression.type')
  if (type === undefined || isReadable(type)) return
  throw new CloudbenchError({
    code: 'CB_TARGET',
    what: `the brokers compress the topic ${JSON.stringify(topic)} with ${type}, which cannot be read here`,
    expected: `a topic whose compression.type is producer, uncompressed, ${numbered.join(', ')}`,
    next: 'change that setting with kafka-configs.sh, or name another topic in options.topic',
  })
}

/** Removes the topic if `prepare` created it, in this run or in an earlier one. */
export async function cleanup(context: TaskContext<TopicOptions>): Promise<void> {
  const { topic } = context.options
  const cluster = await clusterOf(context)
  await withController(cluster, topic, async (link, metadata) => {
    if (metadata.error !== 'NONE') return
    if ((await askTopicSetting(link, topic, mark.setting)) === mark.value) await remove(link, context.options)
  })
}

/** @returns false when another flow was faster: two may share a topic. */
async function create(
  link: Link,
  { topic, partitions = 1, replication, connectTimeoutMs }: TopicOptions,
  isReplaced: boolean,
): Promise<boolean> {
  const untilMs = performance.now() + connectTimeoutMs
  for (;;) {
    // whatever the cluster's default: a compacted topic refuses messages without a key
    const settings = { [mark.setting]: mark.value, 'cleanup.policy': 'delete' }
    const { error, message } = await askCreateTopic(link, { topic, partitions, replication, settings })
    if (error === 'NONE') return true
    if (error !== 'TOPIC_ALREADY_EXISTS')
      throw refusal(`the topic ${JSON.stringify(topic)} cannot be created`, error, message)
    if (!isReplaced || performance.now() > untilMs) return false
    await sleep(pauseMs)
  }
}

/** Ends when the broker no longer describes the topic, so that no later `prepare` takes it for one that exists. */
async function remove(link: Link, { topic, connectTimeoutMs }: TopicOptions): Promise<void> {
  const { error } = await askDeleteTopic(link, topic)
  if (error !== 'NONE' && error !== 'UNKNOWN_TOPIC_OR_PARTITION')
    throw refusal(`the topic ${JSON.stringify(topic)} cannot be removed`, error)
  const untilMs = performance.now() + connectTimeoutMs
  while ((await askMetadata(link, topic)).error === 'NONE' && performance.now() < untilMs)
    await sleep(pauseMs)
}

function isWanted(wanted: number | undefined, found: number): boolean {
  return wanted === undefined || wanted === found
}

function otherNumber(
  topic: string,
  option: 'partitions' | 'replication',
  has: string,
  found: number,
  wanted: number | undefined,
): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: `the topic ${JSON.stringify(topic)} has ${has}, and options.${option} is ${wanted}`,
    expected: 'the number that it has, or a topic that does not exist yet',
    next: `set options.${option} to ${found}, or name another topic in options.topic`,
  })
}
