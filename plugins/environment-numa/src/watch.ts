import { join } from 'node:path'
import type { Watcher, WorkerProcess } from '@cloudbench/core'
import { numberIn, readText } from '@cloudbench/environment-kit'
import { createRemoteShare } from './remote-share.ts'
import { readTopology } from './topology.ts'

/** Samples pages that did not come from the wanted node, and how much of the workers' memory is remote. */
export async function watch(root: string, now?: () => number): Promise<Watcher> {
  const { nodes } = await readTopology(root)
  const hasPages = await isCounted(root)
  const remoteShare = nodes.length === 0 ? undefined : createRemoteShare({ root, nodes, now })
  return {
    signals: {
      ...(hasPages && { 'numa.hitPages': 'counter', 'numa.missedPages': 'counter' }),
      ...(remoteShare && { 'worker.remoteMemoryShare': 'gauge' }),
    },
    async read(workers: readonly WorkerProcess[]) {
      const share = await remoteShare?.(workers)
      return {
        ...(hasPages && (await readPages(root))),
        ...(share !== undefined && { 'worker.remoteMemoryShare': share }),
      }
    },
    close() {},
  }
}

/** With `vm.numa_stat` 0 the kernel stops counting, and the counts stand still. */
async function isCounted(root: string): Promise<boolean> {
  const isOff = (await readText(join(root, 'proc/sys/vm/numa_stat')))?.trim() === '0'
  return !isOff && Object.keys(await readPages(root)).length === 2
}

/** `numa_foreign` is left out: it counts the same pages again, at the node that they should have come from. */
async function readPages(root: string): Promise<Record<string, number>> {
  const text = (await readText(join(root, 'proc/vmstat'))) ?? ''
  const hit = numberIn(/^numa_hit (\d{1,20})$/m.exec(text)?.[1])
  const missed = numberIn(/^numa_miss (\d{1,20})$/m.exec(text)?.[1])
  return {
    ...(hit !== undefined && { 'numa.hitPages': hit }),
    ...(missed !== undefined && { 'numa.missedPages': missed }),
  }
}
