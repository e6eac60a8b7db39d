import type { EnvironmentContext, Launch } from '@cloudbench/core'
import { formatCpuList, parseCpuList } from '@cloudbench/environment-kit'
import { countCores } from './cores.ts'
import type { NumaOptions } from './options.ts'
import { placeWorkers, usableCpus } from './placement.ts'
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
  // those that are not placed share all CPUs
  const everywhere = formatCpuList(usableCpus(topology))
  const lists = Array.from({ length: total }, (_, at) => {
    const placed = placements[at]
    return placed ? formatCpuList(placed.cpus) : everywhere
  })
  for (const note of [...notes, ...(await crowded(lists, options.root))]) log.warn(note)
  const reasons = await Promise.all(placements.map(async (one) => (await wrapperFor(one, topology)).reason))
  for (const reason of new Set(reasons)) if (reason !== undefined) log.warn(reason)
}

/** What says that workers have to share cores, by the CPUs of each worker. An empty list: they are not known. */
async function crowded(lists: readonly string[], root: string): Promise<string[]> {
  const notes: string[] = []
  for (const [list, { length: workers }] of Map.groupBy(lists, (one) => one)) {
    const cores = await countCores(root, parseCpuList(list)!)
    if (cores > 0 && workers > cores)
      notes.push(`${workers} workers share ${cores === 1 ? 'one core' : `${cores} cores`}: CPUs ${list}`)
  }
  return notes
}
