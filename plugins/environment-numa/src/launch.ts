import type { EnvironmentContext, Launch } from '@cloudbench/core'
import { formatCpuList, parseCpuList } from '@cloudbench/environment-kit'
import { countCores } from './cores.ts'
import type { NumaOptions } from './options.ts'
import { placeWorkers, type Placement } from './placement.ts'
import { knownTopology } from './topology.ts'
import { wrapperFor } from './wrapper-for.ts'

/** Starts a worker on its node and CPUs. Where that is not possible, it runs anywhere, and the first worker says so. */
export async function launch(draft: Launch, context: EnvironmentContext<NumaOptions>): Promise<void> {
  const { options, log } = context
  const { index, total } = draft.worker
  const topology = await knownTopology(context)
  const { placements, notes } = placeWorkers(topology, options, total)

  const placement = placements[index]
  if (placement) draft.wrap.push(...(await wrapperFor(placement, topology)).words)
  if (index > 0) return
  for (const note of [...notes, ...(await crowded(placements, options.root))]) log.warn(note)
  const reasons = await Promise.all(placements.map(async (one) => (await wrapperFor(one, topology)).reason))
  for (const reason of new Set(reasons)) if (reason !== undefined) log.warn(reason)
}

/** What says that workers have to share cores. */
async function crowded(placements: readonly Placement[], root: string): Promise<string[]> {
  const counts = new Map<string, number>()
  for (const { cpus } of placements)
    counts.set(formatCpuList(cpus), (counts.get(formatCpuList(cpus)) ?? 0) + 1)
  const notes: string[] = []
  for (const [list, workers] of counts) {
    const cores = await countCores(root, parseCpuList(list)!)
    if (workers > cores)
      notes.push(`${workers} workers share ${cores === 1 ? 'one core' : `${cores} cores`}: CPUs ${list}`)
  }
  return notes
}
