import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { EnvironmentContext } from '@cloudbench/core'
import { parseCpuList, readText } from '@cloudbench/environment-kit'
import type { NumaOptions } from './options.ts'

/** Linux can be built for as many (MAX_NUMNODES). */
const mostNodes = 1024

export interface NumaNode {
  readonly id: number
  /** That are online, ascending. None: the node has memory only. */
  readonly cpus: readonly number[]
  /** Undefined: not known. 0: the node has CPUs only. */
  readonly memoryBytes?: number
  /** To each node, in their order, where 10 is the node itself. Undefined: not known. */
  readonly distances?: readonly number[]
}

export interface Topology {
  /** That are online, ascending. Empty where the kernel shows none. */
  readonly nodes: readonly NumaNode[]
  /** That are online, those whose CPUs cannot be read included. */
  readonly nodeCount: number
  /** CPUs that this process may run on: affinity and cpusets count. Undefined: not known. */
  readonly allowedCpus?: readonly number[]
  /** Nodes that this process may have memory of: cpusets count. Undefined: not known. */
  readonly allowedNodes?: readonly number[]
}

/** Reads the nodes of a machine, and what of them this process may use. Never rejects: what cannot be read is left out. */
export async function readTopology(root: string): Promise<Topology> {
  const folder = join(root, 'sys/devices/system/node')
  const [ids, online, status] = await Promise.all([
    readNodeIds(folder),
    readText(join(root, 'sys/devices/system/cpu/online')).then(parseCpuList),
    readText(join(root, 'proc/self/status')),
  ])
  const nodes = await Promise.all(ids.map((id) => readNode(join(folder, `node${id}`), id, online)))
  const known = nodes.filter((node) => node !== undefined)
  return { nodes: known, nodeCount: ids.length, ...allowedIn(status) }
}

/** With the CPUs that were discovered: by now this process may itself have been put on others. */
export async function knownTopology({
  options: { root },
  facts,
}: Pick<EnvironmentContext<NumaOptions>, 'options' | 'facts'>): Promise<Topology> {
  const topology = await readTopology(root)
  const known = facts['numa']?.['numa.allowedCpus']
  const allowedCpus = typeof known === 'string' ? parseCpuList(known) : undefined
  return allowedCpus ? { ...topology, allowedCpus } : topology
}

/** What `/proc/<pid>/status` says that a process may use. */
export function allowedIn(status: string | undefined): Pick<Topology, 'allowedCpus' | 'allowedNodes'> {
  const allowedCpus = parseCpuList(/^Cpus_allowed_list:([^\n]*)$/m.exec(status ?? '')?.[1])
  const allowedNodes = parseCpuList(/^Mems_allowed_list:([^\n]*)$/m.exec(status ?? '')?.[1])
  return { ...(allowedCpus && { allowedCpus }), ...(allowedNodes && { allowedNodes }) }
}

/** Where `online` cannot be read, the folders say which nodes there are. */
async function readNodeIds(folder: string): Promise<readonly number[]> {
  const online = parseCpuList(await readText(join(folder, 'online')))
  const ids = online ?? (await readdir(folder).catch(() => [])).flatMap(idIn).toSorted((a, b) => a - b)
  return ids.slice(0, mostNodes)
}

function idIn(name: string): number[] {
  const id = /^node(\d{1,4})$/.exec(name)?.[1]
  return id === undefined ? [] : [Number(id)]
}

/** Undefined where its CPUs cannot be read: then there is nothing to place on it. */
async function readNode(
  folder: string,
  id: number,
  online: readonly number[] | undefined,
): Promise<NumaNode | undefined> {
  const [cpulist, meminfo, distance] = await Promise.all([
    readText(join(folder, 'cpulist')),
    readText(join(folder, 'meminfo')),
    readText(join(folder, 'distance')),
  ])
  const cpus = parseCpuList(cpulist)
  if (cpus === undefined) return undefined
  const kibibytes = /^Node \d+ MemTotal:\s+(\d{1,15}) kB$/m.exec(meminfo ?? '')?.[1]
  const distances = distancesIn(distance)
  return {
    id,
    cpus: online === undefined ? cpus : intersection(cpus, online),
    ...(kibibytes !== undefined && { memoryBytes: Number(kibibytes) * 1024 }),
    ...(distances && { distances }),
  }
}

function distancesIn(text: string | undefined): readonly number[] | undefined {
  const words = text?.trim().split(/\s+/) ?? []
  const isRow = words.length > 0 && words.length <= mostNodes && words.every((word) => /^\d{1,3}$/.test(word))
  return isRow ? words.map(Number) : undefined
}

export function intersection(some: readonly number[], others: readonly number[]): readonly number[] {
  const known = new Set(others)
  return some.filter((one) => known.has(one))
}

/** The nodes that CPUs belong to, ascending. */
export function nodesOf(cpus: readonly number[], { nodes }: Pick<Topology, 'nodes'>): readonly number[] {
  return nodes.filter((node) => intersection(node.cpus, cpus).length > 0).map(({ id }) => id)
}
