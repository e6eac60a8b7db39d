import type { Facts } from '@cloudbench/core'
import { formatCpuList } from '@cloudbench/environment-kit'
import { readTopology } from './topology.ts'

/** The nodes of this machine, and what of them this process may use. Never throws; what cannot be read is absent. */
export async function discover(root: string): Promise<Facts> {
  const { nodes, nodeCount, allowedCpus, allowedNodes } = await readTopology(root)
  const facts: Record<string, string | number> = {}
  if (nodeCount > 0) facts['numa.nodeCount'] = nodeCount
  for (const { id, cpus, memoryBytes, distances } of nodes) {
    facts[`numa.node${id}.cpus`] = formatCpuList(cpus)
    if (memoryBytes !== undefined) facts[`numa.node${id}.memoryBytes`] = memoryBytes
    if (distances !== undefined) facts[`numa.node${id}.distances`] = distances.join(' ')
  }
  if (allowedCpus) facts['numa.allowedCpus'] = formatCpuList(allowedCpus)
  if (allowedNodes) facts['numa.allowedNodes'] = formatCpuList(allowedNodes)
  return facts
}
