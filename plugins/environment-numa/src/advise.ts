import type { Advice, EnvironmentContext } from '@cloudbench/core'
import type { NumaOptions } from './options.ts'
import { placeWorkers } from './placement.ts'
import { knownTopology } from './topology.ts'
import { wrapperFor } from './wrapper-for.ts'

const why =
  'memory of another node takes up to twice as long to reach, and where the kernel puts a worker differs from run to run'
const how = 'install numactl; in a container, allow memory policies as well (docker run --cap-add SYS_NICE)'

/** What keeps workers from where they are to run: with a worker on every node. */
export async function advise(context: EnvironmentContext<NumaOptions>): Promise<readonly Advice[]> {
  const topology = await knownTopology(context)
  const { placements, notes } = placeWorkers(topology, context.options, topology.nodes.length)
  const reasons = await Promise.all(placements.map(async (one) => (await wrapperFor(one, topology)).reason))
  const hindered = new Set(reasons.filter((reason) => reason !== undefined))
  return [
    ...Array.from(hindered, (what): Advice => ({ what, why, how })),
    ...notes.map((what): Advice => ({ what, why, how: 'name the nodes for workers (nodes)', state: 'note' })),
  ]
}
