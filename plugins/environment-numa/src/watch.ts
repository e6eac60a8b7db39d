import { join } from 'node:path'
import type { Watcher } from '@cloudbench/core'
import { missing, readCounts, readNumber, type SignalSource, watcherOf } from '@cloudbench/environment-kit'
import { remoteShareSource } from './remote-share.ts'
import { readTopology } from './topology.ts'

/** Samples pages that did not come from the wanted node, and how much of the workers' memory is remote. */
export async function watch(root: string, now?: () => number): Promise<Watcher> {
  const { nodes } = await readTopology(root)
  return watcherOf([
    await pagesSource(root),
    nodes.length > 0
      ? remoteShareSource({ root, nodes, now })
      : missing({ 'worker.remoteMemoryShare': 'the kernel lists no NUMA nodes' }),
  ])
}

/** With `vm.numa_stat` 0, the counts stand still. */
async function pagesSource(root: string): Promise<SignalSource> {
  const file = join(root, 'proc/vmstat')
  const counts = await readCounts(file)
  const isOff = (await readNumber(join(root, 'proc/sys/vm/numa_stat'))) === 0
  if (isOff || !counts.has('numa_hit') || !counts.has('numa_miss')) {
    const why = isOff ? 'vm.numa_stat is 0, so the kernel does not count' : `${file} has no counts of NUMA`
    return missing({ 'numa.hitPages': why, 'numa.missedPages': why })
  }
  return {
    signals: { 'numa.hitPages': 'counter', 'numa.missedPages': 'counter' },
    async read() {
      const now = await readCounts(file)
      // `numa_foreign` counts the missed ones again, at the node that they should have come from
      return { 'numa.hitPages': now.get('numa_hit'), 'numa.missedPages': now.get('numa_miss') }
    },
  }
}
