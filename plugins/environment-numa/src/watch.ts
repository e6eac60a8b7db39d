import { join } from 'node:path'
import type { Watcher } from '@cloudbench/core'
import { missing, readCounts, readNumber, type SignalSource, watcherOf } from '@cloudbench/environment-kit'
import { remoteShareSource } from './remote-share.ts'
import { readTopology } from './topology.ts'

/** Samples pages that did not come from the wanted node, and how much of the workers' memory is remote. */
export async function watch(root: string, now?: () => number): Promise<Watcher> {
  const { nodes, nodeCount } = await readTopology(root)
  const remoteShare =
    nodes.length > 0
      ? remoteShareSource({ root, nodes, nodeCount, now })
      : missing({ 'worker.remoteMemoryShare': 'the kernel shows no NUMA nodes' })
  return watcherOf([await pagesSource(root), remoteShare])
}

async function pagesSource(root: string): Promise<SignalSource> {
  const file = join(root, 'proc/vmstat')
  const counts = await readCounts(file)
  const none = (why: string): SignalSource => missing({ 'numa.hitPages': why, 'numa.missedPages': why })
  if (!counts.has('numa_hit') || !counts.has('numa_miss'))
    return none('/proc/vmstat counts no pages of nodes')
  // the counts stand still then
  if ((await readNumber(join(root, 'proc/sys/vm/numa_stat'))) === 0)
    return none('vm.numa_stat is 0, so the kernel counts no pages of nodes')
  return {
    signals: { 'numa.hitPages': 'counter', 'numa.missedPages': 'counter' },
    async read() {
      const now = await readCounts(file)
      // `numa_foreign` counts the missed ones again, at the node that they should have come from
      return { 'numa.hitPages': now.get('numa_hit'), 'numa.missedPages': now.get('numa_miss') }
    },
  }
}
