import { join } from 'node:path'
import type { Watcher } from '@cloudbench/core'
import { findPressure, missing, readNumber, readPressure, watcherOf } from '@cloudbench/environment-kit'
import { findMemoryGroups } from './cgroup.ts'
import { machineBytes } from './discover.ts'

/** Samples the group that sets the limit: what it uses, and how long its tasks waited for memory. */
export async function watch(root: string): Promise<Watcher> {
  const groups = await findMemoryGroups(root)
  const usedFile = await groups.usedFile(await groups.limitBelow(await machineBytes(root)))
  const stalledFile = await findPressure(root, groups.cgroups, 'memory')
  return watcherOf([
    usedFile === undefined
      ? missing({ 'memory.usedBytes': 'no control group says it' })
      : {
          signals: { 'memory.usedBytes': 'gauge' },
          read: async () => ({ 'memory.usedBytes': await readNumber(join(root, usedFile)) }),
        },
    stalledFile === undefined
      ? missing({ 'memory.stalledMs': 'the kernel counts no pressure' })
      : {
          signals: { 'memory.stalledMs': 'counter' },
          read: async () => ({ 'memory.stalledMs': (await readPressure(join(root, stalledFile))).someMs }),
        },
  ])
}
