import { parseCpuList } from '@cloudbench/environment-kit'

/** The memory policy of a task: what its own mappings show that have no policy of their own. */
export interface MemoryPolicy {
  /** Such as `bind`, `prefer`, `interleave`, `default` or `local`. */
  readonly name: string
  readonly nodes: readonly number[]
}

/** The policy, its modes after `=`, its nodes after `:`, as mpol_to_str() of Linux writes them. */
const firstLine =
  /^[0-9a-f]{1,16} (weighted interleave|[a-z]+(?: \(many\))?)(?:=[a-z|]+)?(?::([\d,-]+))?(?:\s|$)/

/** Reads the policy from the first line of `/proc/<pid>/numa_maps`, such as `55e0 bind:0-1 file=…`. See numa(7). */
export function policyIn(numaMaps: string | undefined): MemoryPolicy | undefined {
  const [, name, list] = firstLine.exec(numaMaps ?? '') ?? []
  const nodes = parseCpuList(list ?? '')
  return name === undefined || nodes === undefined ? undefined : { name, nodes }
}

/** `bind:0`, as the kernel writes it. */
export function policyText(name: string, list: string): string {
  return list === '' ? name : `${name}:${list}`
}

/**
 * Bytes of private memory on each node, from `/proc/<pid>/numa_maps`. Mappings of files are left out: their pages belong to
 * the page cache, which other processes have filled. Undefined where no line tells a node.
 */
export function bytesByNode(numaMaps: string): ReadonlyMap<number, number> | undefined {
  const bytes = new Map<number, number>()
  for (const line of numaMaps.split('\n')) {
    if (line.includes(' file=')) continue
    const pageBytes = Number(/ kernelpagesize_kB=(\d{1,9})(?: |$)/.exec(line)?.[1] ?? 4) * 1024
    for (const [, node, pages] of line.matchAll(/ N(\d{1,4})=(\d{1,15})(?= |$)/g))
      bytes.set(Number(node), (bytes.get(Number(node)) ?? 0) + Number(pages) * pageBytes)
  }
  return bytes.size === 0 ? undefined : bytes
}
