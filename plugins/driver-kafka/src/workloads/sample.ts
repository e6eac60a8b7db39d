import { CloudbenchError, messageOf } from '@cloudbench/core'
import type { Links } from '../client/cluster.ts'
import type { Partition } from '../client/partitions.ts'
import type { ConsumeOptions } from '../options.ts'
import { codecOf, numbered } from '../wire/compression.ts'
import { askFetch } from '../wire/fetch.ts'
import { batchesIn, eachMessage } from '../wire/records.ts'
import { askOffset } from '../wire/requests.ts'
import { askTopicSetting } from '../wire/topic-requests.ts'

/** At most this many partitions are looked at. */
const mostPartitions = 64

/**
 * Reads the first and the last batch of every partition, so that what cannot be read is found before the load.
 * @throws CloudbenchError that says what is there instead.
 */
export async function requireReadableMessages(
  links: Links,
  partitions: readonly Partition[],
  { topic, verify }: ConsumeOptions,
): Promise<void> {
  for await (const { partition, offset, set } of samplesOf(links, partitions, topic))
    try {
      for (const batch of batchesIn(set, verify)) if (verify) eachMessage(batch, () => {})
    } catch (error) {
      throw unreadable(`partition ${partition} of the topic ${JSON.stringify(topic)}`, offset, error)
    }
}

/** Whether those batches are as the options ask for: compressed like that, with values of that size. */
export async function areAsWritten(
  links: Links,
  partitions: readonly Partition[],
  { topic, valueSize, compression }: ConsumeOptions,
): Promise<boolean> {
  const wanted = codecOf(compression)?.number ?? 0
  const type = await askTopicSetting(links.to(partitions[0]!.leader), topic, 'compression.type')
  const isOwnCodec = type === undefined || type === 'producer'
  let isAsWritten = true
  for await (const { set } of samplesOf(links, partitions, topic))
    try {
      for (const batch of batchesIn(set)) {
        if (isOwnCodec && batch.codec !== wanted) isAsWritten = false
        eachMessage(batch, (_, __, from, to) => {
          if (to - from !== valueSize) isAsWritten = false
        })
      }
    } catch {
      return false
    }
  return isAsWritten
}

interface Sample {
  readonly partition: number
  readonly offset: number
  /** One batch, or nothing. */
  readonly set: Buffer
}

async function* samplesOf(
  links: Links,
  partitions: readonly Partition[],
  topic: string,
): AsyncGenerator<Sample> {
  for (const { partition, leader } of partitions.slice(0, mostPartitions)) {
    const link = links.to(leader)
    const start = await askOffset(link, topic, partition, 'earliest')
    const last = (await askOffset(link, topic, partition, 'latest')) - 1
    for (const offset of new Set([start, last]))
      if (last >= start) {
        // a broker returns one batch, however large
        const set = await askFetch(link, { topic, partition, offset, maxBytes: 1, maxWaitMs: 100 })
        yield { partition, offset, set }
      }
  }
}

function unreadable(where: string, offset: number, cause: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: `${where} has messages that cannot be read, at offset ${offset}: ${messageOf(cause)}`,
    expected: `whole batches in the format of Kafka 0.11 and newer, compressed with none, ${numbered.join(', ')}`,
    next: 'name another topic in options.topic, or set options.verify to false, which reads and does not unpack',
    cause,
  })
}
