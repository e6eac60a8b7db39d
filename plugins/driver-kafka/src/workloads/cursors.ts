import { CloudbenchError } from '@cloudbench/core'
import type { Links } from '../client/cluster.ts'
import type { Link } from '../client/link.ts'
import type { Partition } from '../client/partitions.ts'
import type { ConsumeOptions } from '../options.ts'
import { fetchFrame } from '../wire/fetch.ts'
import { askOffset } from '../wire/requests.ts'

/** A partition that is read from its beginning to its end, again and again. */
export interface Cursor {
  readonly partition: number
  readonly link: Link
  /** The Fetch request, to be pointed at an offset. */
  readonly frame: Buffer
  /** Where the partition starts: rises while the topic deletes what is old. */
  startOffset: number
  offset: number
}

export type Cursors = readonly [Cursor, ...Cursor[]]

/** There is always something to read, so a broker has nothing to wait for. */
const fetchWaitMs = 500

/** @throws CloudbenchError when none of the partitions has any messages. */
export async function openCursors(
  links: Links,
  partitions: readonly Partition[],
  { topic, fetchSize }: ConsumeOptions,
): Promise<Cursors> {
  const cursors: Cursor[] = []
  for (const { partition, leader } of partitions) {
    const link = links.to(leader)
    const startOffset = await askOffset(link, topic, partition, 'earliest')
    const endOffset = await askOffset(link, topic, partition, 'latest')
    if (endOffset === startOffset) continue
    const frame = fetchFrame({
      topic,
      partition,
      offset: startOffset,
      maxBytes: fetchSize,
      maxWaitMs: fetchWaitMs,
    })
    cursors.push({ partition, link, frame, startOffset, offset: startOffset })
  }
  const [first, ...others] = cursors
  if (first) return [first, ...others]
  throw new CloudbenchError({
    code: 'CB_CONNECT',
    what: `there is nothing to read in ${partitions.length === 1 ? `partition ${partitions[0]!.partition}` : 'the partitions'} of the topic ${JSON.stringify(topic)}`,
    expected: 'a topic with messages',
    next: 'name a topic that does not exist yet, so that it is created and filled, or write to this one first',
  })
}
