import { CloudbenchError } from '@cloudbench/core'
import type { Links } from '../client/cluster.ts'
import type { Partition } from '../client/partitions.ts'
import type { Begun } from '../lanes/lane.ts'
import { askOffset } from '../wire/requests.ts'

/** Where those partitions start that have anything to read. @throws CloudbenchError when none of them has. */
export async function begunOf(
  links: Links,
  partitions: readonly Partition[],
  topic: string,
): Promise<readonly Begun[]> {
  const begun: Begun[] = []
  for (const { partition, leader } of partitions) {
    const link = links.to(leader)
    const startOffset = await askOffset(link, topic, partition, 'earliest')
    const endOffset = await askOffset(link, topic, partition, 'latest')
    if (endOffset !== startOffset) begun.push({ partition, startOffset })
  }
  if (begun.length > 0) return begun
  throw new CloudbenchError({
    code: 'CB_CONNECT',
    what: `there is nothing to read in ${partitions.length === 1 ? `partition ${partitions[0]!.partition}` : 'the partitions'} of the topic ${JSON.stringify(topic)}`,
    expected: 'a topic with messages',
    next: 'name a topic that does not exist yet, so that it is created and filled, or write to this one first',
  })
}
