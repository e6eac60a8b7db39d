import { CloudbenchError } from '@cloudbench/core'
import { formatCpuList, parseCpuList } from '@cloudbench/environment-kit'
import type { NumaOptions } from './options.ts'
import { intersection, nodesOf, type NumaNode, type Topology } from './topology.ts'

/** Where a worker runs. */
export interface Placement {
  readonly cpus: readonly number[]
  /** All that the node has. Absent: some of them, or CPUs of no known node. */
  readonly wholeNode?: number
  /** Absent: wherever the kernel sees fit. */
  readonly memory?: { readonly policy: 'bind' | 'prefer' | 'interleave'; readonly nodes: readonly number[] }
}

/** CPUs that share memory, and get workers. */
interface Place {
  readonly node?: NumaNode
  readonly cpus: readonly number[]
}

export interface Plan {
  /** By worker. Empty: workers run where the kernel sees fit. */
  readonly placements: readonly Placement[]
  /** What they should know who asked for it, each once. */
  readonly notes: readonly string[]
}

/**
 * Spreads workers over nodes: each goes where the fewest per CPU are, so that nodes of one size get
 * them in turn.
 *
 * @throws CloudbenchError when the options name a node or a CPU that this process may not use.
 */
export function placeWorkers(topology: Topology, options: NumaOptions, workers: number): Plan {
  const unknown = unknownNote(topology, options)
  if (!isWanted(topology, options)) return { placements: [], notes: unknown }
  const places = placesOf(topology, options)
  if (places.length === 0)
    return { placements: [], notes: ['workers are not placed: this machine does not tell its CPUs'] }

  const counts = places.map(() => 0)
  const placements = Array.from({ length: workers }, () => {
    const load = places.map(({ cpus }, at) => counts[at]! / cpus.length)
    const chosen = load.indexOf(Math.min(...load))
    counts[chosen]! += 1
    return placementAt(places[chosen]!, topology, places, options)
  })
  const used = places.filter((_, at) => counts[at]! > 0)
  const notes = used.flatMap((place) => memoryNote(place, topology, options))
  return { placements, notes: [...unknown, ...notes] }
}

function unknownNote({ nodes, nodeCount }: Topology, { placement }: NumaOptions): readonly string[] {
  const unknown = nodeCount - nodes.length
  if (unknown === 0 || placement === 'off') return []
  return [`${unknown} of ${nodeCount} nodes do not tell their CPUs, and get no workers`]
}

/** On one node there is nothing to choose, unless CPUs are named. */
function isWanted(topology: Topology, options: NumaOptions): boolean {
  const { placement, nodes, cpus, serverCpus } = options
  if (placement === 'off') return false
  if (placement === 'always' || nodes !== undefined || cpus !== undefined || serverCpus !== undefined)
    return true
  return nodesOf(usableCpus(topology), topology).length > 1
}

/** That are online, and that this process may use. Empty: not known. */
export function usableCpus({ nodes, allowedCpus }: Topology): readonly number[] {
  const online = nodes.flatMap(({ cpus }) => cpus)
  if (online.length === 0) return allowedCpus ?? []
  return allowedCpus === undefined ? online : intersection(online, allowedCpus)
}

function placesOf(topology: Topology, options: NumaOptions): readonly Place[] {
  const usable = usableCpus(topology)
  if (usable.length === 0) return []
  const asked = parseCpuList(options.cpus) ?? usable
  const servers = parseCpuList(options.serverCpus) ?? []
  refuseUnusable([...asked, ...servers], usable)
  const pool = asked.filter((cpu) => options.cpus !== undefined || !servers.includes(cpu))
  if (pool.length === 0)
    throw new CloudbenchError({
      code: 'CB_HOOK',
      what: `serverCpus ${options.serverCpus} leaves no CPU for workers`,
      expected: `fewer than all of ${formatCpuList(usable)}`,
      next: 'keep fewer CPUs free with serverCpus on the numa environment',
    })
  if (topology.nodes.length === 0) return [{ cpus: pool }]

  const places = topology.nodes.map((node): Place => ({ node, cpus: intersection(node.cpus, pool) }))
  for (const id of options.nodes ?? [])
    if (!places.some(({ node, cpus }) => node?.id === id && cpus.length > 0))
      throw new CloudbenchError({
        code: 'CB_HOOK',
        what: `node ${id} has no CPU for workers`,
        expected: `one of the nodes ${formatCpuList(nodesOf(pool, topology))}`,
        next: 'correct nodes, or cpus, on the numa environment',
      })
  return places.filter(
    ({ node, cpus }) => cpus.length > 0 && (options.nodes === undefined || options.nodes.includes(node!.id)),
  )
}

function refuseUnusable(asked: readonly number[], usable: readonly number[]): void {
  const missing = asked.filter((cpu) => !usable.includes(cpu))
  if (missing.length === 0) return
  throw new CloudbenchError({
    code: 'CB_HOOK',
    what: `CPU ${formatCpuList(missing)} is offline, or this process may not use it`,
    expected: `CPUs out of ${formatCpuList(usable)}`,
    next: 'correct cpus or serverCpus on the numa environment',
  })
}

function placementAt(
  { node, cpus }: Place,
  topology: Topology,
  places: readonly Place[],
  options: NumaOptions,
): Placement {
  const memory = memoryOf(node, topology, places, options)
  return {
    cpus,
    ...(node !== undefined && node.cpus.length === cpus.length && { wholeNode: node.id }),
    ...(memory && { memory }),
  }
}

/** With memory on one node only, all memory comes from there. */
function isMemoryWanted({ nodes }: Topology, { memory, placement }: NumaOptions): boolean {
  const isSplit = nodes.filter(({ memoryBytes }) => memoryBytes !== 0).length > 1
  return memory !== 'none' && (isSplit || placement === 'always')
}

function memoryOf(
  node: NumaNode | undefined,
  topology: Topology,
  places: readonly Place[],
  options: NumaOptions,
): Placement['memory'] {
  if (node === undefined || !isMemoryWanted(topology, options) || options.memory === 'none') return undefined
  const { memory: policy } = options
  const wanted = policy === 'interleave' ? places.flatMap((place) => place.node ?? []) : [node]
  const nodes = wanted.filter((one) => hindrance(one, topology) === undefined).map(({ id }) => id)
  return nodes.length === 0 ? undefined : { policy, nodes }
}

/** Why there is no memory of a node. */
function hindrance({ id, memoryBytes }: NumaNode, { allowedNodes }: Topology): string | undefined {
  if (memoryBytes === 0) return `node ${id} has no memory of its own`
  if (allowedNodes?.includes(id) === false) return `this process may not use the memory of node ${id}`
  return undefined
}

function memoryNote({ node }: Place, topology: Topology, options: NumaOptions): string[] {
  if (node === undefined || !isMemoryWanted(topology, options)) return []
  const why = hindrance(node, topology)
  return why === undefined ? [] : [`${why}, so the memory of its workers is not bound to it`]
}
