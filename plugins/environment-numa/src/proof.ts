import { formatCpuList } from '@cloudbench/environment-kit'
import { policyIn, policyText } from './numa-maps.ts'
import { allowedIn, type Topology } from './topology.ts'
import type { Asked } from './wrapper.ts'

/** What the kernel says about a process. */
export interface Kernel {
  /** `/proc/<pid>/status`. */
  readonly status: string | undefined
  /** The beginning of `/proc/<pid>/numa_maps`. */
  readonly numaMaps: string | undefined
}

/** Why what was asked for a process did not take hold, such as `its memory policy is default, not bind:0`. */
export function failureOf(
  { cpus, cpuNodes, memory }: Asked,
  { status, numaMaps }: Kernel,
  { nodes }: Pick<Topology, 'nodes'>,
): string | undefined {
  const wanted =
    cpus ?? (cpuNodes && nodes.filter(({ id }) => cpuNodes.includes(id)).flatMap((node) => node.cpus))
  if (wanted !== undefined) {
    const { allowedCpus } = allowedIn(status)
    if (allowedCpus === undefined)
      return 'its CPUs cannot be read: /proc/self/status has no Cpus_allowed_list'
    const isWithin = allowedCpus.length > 0 && allowedCpus.every((cpu) => wanted.includes(cpu))
    if (!isWithin)
      return `it may run on CPUs ${formatCpuList(allowedCpus)}, not only on ${formatCpuList(wanted)}`
  }
  if (memory !== undefined) {
    const policy = policyIn(numaMaps)
    if (policy === undefined) return 'its memory policy cannot be read: /proc/self/numa_maps shows none'
    const [is, asked] = [policy, { name: memory.policy, nodes: memory.nodes }].map(({ name, nodes: on }) =>
      policyText(name, formatCpuList(on)),
    )
    if (is !== asked) return `its memory policy is ${is}, not ${asked}`
  }
  return undefined
}
