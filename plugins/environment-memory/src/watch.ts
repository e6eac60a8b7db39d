import { dirname, join } from 'node:path'
import type { Watcher } from '@cloudbench/core'
import { read, readCgroupMemory, readNumber } from './cgroup.ts'
import { machineBytes } from './discover.ts'

/** Samples the group that sets the limit: what it uses, and how long its tasks waited for memory. */
export async function watch(root: string): Promise<Watcher> {
  const { usedFile } = await readCgroupMemory(root, await machineBytes(root))
  const stalledFile = await findStalledFile(root, usedFile)
  return {
    signals: {
      ...(usedFile !== undefined && { 'memory.usedBytes': 'gauge' }),
      ...(stalledFile !== undefined && { 'memory.stalledMs': 'counter' }),
    },
    async read() {
      const usedBytes = usedFile === undefined ? undefined : await readNumber(join(root, usedFile))
      const stalledMs = stalledFile === undefined ? undefined : await readStalledMs(stalledFile)
      return {
        ...(usedBytes !== undefined && { 'memory.usedBytes': usedBytes }),
        ...(stalledMs !== undefined && { 'memory.stalledMs': stalledMs }),
      }
    },
    close() {},
  }
}

/** The group's own pressure, or the machine's where groups have none: version 1, or the root of the tree. */
async function findStalledFile(root: string, usedFile: string | undefined): Promise<string | undefined> {
  const own = usedFile === undefined ? [] : [join(root, dirname(usedFile), 'memory.pressure')]
  for (const file of [...own, join(root, 'proc/pressure/memory')])
    if ((await readStalledMs(file)) !== undefined) return file
  return undefined
}

/** How long at least one task waited for memory, from the kernel's microseconds. */
async function readStalledMs(file: string): Promise<number | undefined> {
  const totalUs = /^some .*\btotal=(\d+)$/m.exec((await read(file)) ?? '')?.[1]
  return totalUs === undefined ? undefined : Number(totalUs) / 1000
}
