import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import type { Facts } from '@cloudbench/core'
import { findMemoryGroups, readNumber } from '@cloudbench/environment-kit'
import { machineBytes, readMemoryCounts, readPageBytes } from './machine.ts'

/** What this machine and its container allow. Never throws; what cannot be read is absent. */
export async function discover(root: string): Promise<Facts> {
  const [memoryBytes, groups, { balloonInflatedBytes }] = await Promise.all([
    machineBytes(root),
    findMemoryGroups(root),
    readPageBytes(root).then((pageBytes) => readMemoryCounts(root, pageBytes)),
  ])
  const limit = await groups.limitBelow(memoryBytes)
  const usedFile = await groups.usedFile(limit)
  const usedBytes = usedFile === undefined ? undefined : await readNumber(join(root, usedFile))
  return {
    'memory.bytes': memoryBytes,
    ...(limit && { 'memory.limitBytes': limit.bytes, 'memory.limitFile': limit.file }),
    ...(usedBytes !== undefined && { 'memory.usedBytes': usedBytes }),
    ...(balloonInflatedBytes !== undefined && { 'memory.balloonInflatedBytes': balloonInflatedBytes }),
    'cgroup.hierarchy': groups.cgroups.hierarchy,
    'heap.limitBytes': getHeapStatistics().heap_size_limit,
    'process.runtime.version': process.versions.node,
  }
}
