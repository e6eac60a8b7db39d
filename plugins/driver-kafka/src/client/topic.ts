import { connectError } from '../connect-error.ts'
import { clusterOf, openLinks, type Cluster, type ClusterContext, type Links } from './cluster.ts'
import { createLoss, type Loss } from './loss.ts'
import { partitionsOf, type Partition } from './partitions.ts'

/** Partitions of a topic with links to their leaders, which are lost together. */
export interface OpenTopic {
  readonly cluster: Cluster
  readonly partitions: readonly Partition[]
  readonly links: Links
  readonly loss: Loss
}

/**
 * Opens links to the leaders of partitions, and puts them to use. They are closed only when that fails.
 * @param choose Which of the partitions.
 * @throws CloudbenchError that says what went wrong.
 */
export async function openTopic<Used>(
  context: ClusterContext,
  choose: (all: readonly Partition[]) => readonly Partition[],
  use: (topic: OpenTopic) => Promise<Used>,
): Promise<Used> {
  const cluster = await clusterOf(context)
  const partitions = choose(await partitionsOf(cluster, context.options.topic, context.signal))
  const loss = createLoss()
  const links = await openLinks(cluster, partitions, loss.report)
  try {
    const used = await use({ cluster, partitions, links, loss })
    // lost before anyone could be told
    if (loss.error) throw loss.error
    return used
  } catch (error) {
    await links.close()
    throw connectError(loss.error ?? error, cluster.target.addresses[0], cluster.access)
  }
}
