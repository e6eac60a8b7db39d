import type { ClusterContext } from '../client/cluster.ts'
import type { Partition } from '../client/partitions.ts'
import { openTopic, type OpenTopic } from '../client/topic.ts'
import type { ClientName } from '../clients.ts'
import type { Lane } from './lane.ts'

/** Loaded when they are needed, and only those: a run with frames of our own need not load a library's consumer. */
const lanes: Readonly<Record<ClientName, (folder: string) => Promise<Lane>>> = {
  wire: async () => (await import('./wire/lane.ts')).lane,
  kafkajs: async () => (await import('./kafkajs/lane.ts')).lane,
  platformatic: async (folder) => await (await import('./platformatic/lane.ts')).openLane(folder),
}

type LaneContext = ClusterContext & { readonly options: { readonly client: ClientName } }

/** Opens a topic, and puts it to use on the lane that the option `client` names. See `openTopic`. */
export async function openLane<Used>(
  context: LaneContext,
  choose: (all: readonly Partition[]) => readonly Partition[],
  use: (lane: Lane, topic: OpenTopic) => Promise<Used>,
): Promise<Used> {
  const lane = await lanes[context.options.client](context.folder)
  return await openTopic(context, choose, async (topic) => {
    const used = await use(lane, topic)
    if (!lane.usesLinks) await topic.links.close()
    return used
  })
}
