import type { Facts, Slot, TaskContext } from '@cloudbench/core'
import { createLedger } from '../audit/ledger.ts'
import { openTopic, type OpenTopic } from '../client/topic.ts'
import { taskError } from '../connect-error.ts'
import { lane } from '../lanes/wire/lane.ts'
import type { ConsumeOptions } from '../options.ts'
import { createFilling, createValueWriter } from '../payload.ts'
import { cleanup, prepare } from '../prepare.ts'
import { protocolError } from '../wire/protocol-errors.ts'
import { askOffset } from '../wire/requests.ts'
import { areAsWritten, requireReadableMessages } from './sample.ts'

/** Messages in flight while a topic is filled. */
const inFlight = 2_000

/** Creates the topic and fills it with messages. One of ours that has too few is filled up, and one that has others replaced. */
export async function prepareFilled(context: TaskContext<ConsumeOptions>): Promise<Facts> {
  const facts = await prepare(context)
  if (facts['created'] !== 'before' || (await holdsWanted(context))) return await fillUp(context, facts)
  await cleanup(context)
  return await fillUp(context, await prepare(context))
}

/** Whether what an earlier run has left is what this one would write. */
async function holdsWanted(context: TaskContext<ConsumeOptions>): Promise<boolean> {
  return await openTopic(
    context,
    (all) => all,
    async ({ partitions, links }) => {
      const isAsWritten = await areAsWritten(links, partitions, context.options)
      await links.close()
      return isAsWritten
    },
  )
}

async function fillUp(context: TaskContext<ConsumeOptions>, facts: Facts): Promise<Facts> {
  const { topic, messages } = context.options
  const isOurs = facts['created'] !== false
  return await openTopic(
    context,
    (all) => all,
    async (opened) => {
      const { partitions, links } = opened
      const stored = await countStored(opened, topic)
      const missing = isOurs ? Math.max(0, messages - stored) : 0
      if (missing > 0) await fill(context, missing, opened)
      await requireReadableMessages(links, partitions, context.options)
      await links.close()
      return isOurs ? { ...facts, messages: stored + missing, filled: missing } : facts
    },
  )
}

async function countStored({ partitions, links }: OpenTopic, topic: string): Promise<number> {
  let stored = 0
  for (const { partition, leader } of partitions) {
    const link = links.to(leader)
    stored += await askOffset(link, topic, partition, 'latest')
    stored -= await askOffset(link, topic, partition, 'earliest')
  }
  return stored
}

async function fill(
  { options, seed, signal }: TaskContext<ConsumeOptions>,
  messages: number,
  opened: OpenTopic,
): Promise<void> {
  const { topic, valueSize } = options
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let next = 0
  let left = messages
  const producer = await lane.openProducer(opened, {
    firstPartition: 0,
    topic,
    acks: -1,
    ackTimeoutMs: 30_000,
    compression: options.compression,
    batchBytes: 16_384,
    valueBytes: valueSize,
    writeValue: createValueWriter(createLedger().id, 0, createFilling(seed, valueSize), valueSize),
    lingerMs: 0,
    batchesInFlight: 5,
    inFlight,
    isIdempotent: false,
    stored(batch) {
      left -= batch.count
      if (left === 0) resolve()
      else if (signal.aborted) reject(signal.reason)
      else for (let more = Math.min(batch.count, messages - next); more > 0; more--) append()
    },
    refused: (_, code, said) => reject(taskError(protocolError(code, `filling ${topic}`, said))),
    broken: reject,
  })
  const slot: Slot = {
    get index() {
      return next
    },
    random: () => 0,
    answered: () => {},
    done: () => {},
    fail: () => {},
    unsent: () => {},
  }
  const append = (): void => {
    producer.append(slot)
    next++
  }
  const { loss } = opened
  loss.onLost = reject
  if (loss.error) throw loss.error
  while (next < Math.min(messages, inFlight)) append()
  try {
    await promise
  } finally {
    producer.stop()
  }
}
