import { machineTree } from '@cloudbench/fixtures/machine-tree'

interface SyntheticNode {
  readonly cpus: string
  /** Null: the node has no such line. */
  readonly memoryKb?: number | null
}

export interface SyntheticMachine {
  /** By number. */
  readonly nodes: Readonly<Record<number, SyntheticNode>>
  readonly onlineNodes?: string
  readonly onlineCpus?: string
  readonly allowedCpus?: string
  readonly allowedNodes?: string
  /** CPUs that are one core, such as `0,4`. */
  readonly cores?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
}

/** Writes a `/proc` and `/sys` of a machine with these nodes, and answers with its root. */
export async function machine({ nodes, ...rest }: SyntheticMachine): Promise<string> {
  const ids = Object.keys(nodes)
  const files: Record<string, string> = {
    'sys/devices/system/node/online': `${rest.onlineNodes ?? ids.join(',')}\n`,
    ...(rest.onlineCpus !== undefined && { 'sys/devices/system/cpu/online': `${rest.onlineCpus}\n` }),
    'proc/self/status': [
      'Name:\tnode',
      ...(rest.allowedCpus === undefined ? [] : [`Cpus_allowed_list:\t${rest.allowedCpus}`]),
      ...(rest.allowedNodes === undefined ? [] : [`Mems_allowed_list:\t${rest.allowedNodes}`]),
      '',
    ].join('\n'),
  }
  for (const [at, [id, { cpus, memoryKb = 16_777_216 }]] of Object.entries(nodes).entries()) {
    const folder = `sys/devices/system/node/node${id}`
    files[`${folder}/cpulist`] = `${cpus}\n`
    files[`${folder}/distance`] = `${ids.map((_, other) => (other === at ? 10 : 21)).join(' ')}\n`
    if (memoryKb !== null)
      files[`${folder}/meminfo`] = `Node ${id} MemTotal:       ${memoryKb} kB\nNode ${id} MemFree: 1 kB\n`
  }
  for (const core of rest.cores ?? [])
    for (const cpu of core.split(','))
      files[`sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`] = `${core}\n`
  const { root } = await machineTree({ ...files, ...rest.files })
  return root
}

/** Nodes with as many CPUs each, numbered through. */
export function evenNodes(count: number, cpus: number): SyntheticMachine['nodes'] {
  return Object.fromEntries(
    Array.from({ length: count }, (_, id) => [id, { cpus: `${id * cpus}-${(id + 1) * cpus - 1}` }]),
  )
}
