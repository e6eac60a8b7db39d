import { CloudbenchError, messageOf } from '@cloudbench/core'
import type { Links } from '../client/cluster.ts'
import type { Partition } from '../client/partitions.ts'
import type { ConsumeOptions } from '../options.ts'
import { numbered } from '../wire/compression.ts'
import { askFetch } from '../wire/fetch.ts'
import { batchesIn, eachMessage } from '../wire/records.ts'
import { askOffset } from '../wire/requests.ts'

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
  for (const { partition, leader } of partitions.slice(0, mostPartitions)) {
    const link = links.to(leader)
    const start = await askOffset(link, topic, partition, 'earliest')
    const last = (await askOffset(link, topic, partition, 'latest')) - 1
    for (const offset of new Set([start, last])) {
      if (last < start) continue
      // a broker returns one batch, however large
      const set = await askFetch(link, { topic, partition, offset, maxBytes: 1, maxWaitMs: 100 })
      try {
        for (const batch of batchesIn(set, verify)) if (verify) eachMessage(batch, () => {})
      } catch (error) {
        throw unreadable(`partition ${partition} of the topic ${JSON.stringify(topic)}`, offset, error)
      }
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
