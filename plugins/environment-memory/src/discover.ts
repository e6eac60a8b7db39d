import { totalmem } from 'node:os'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import type { Facts } from '@cloudbench/core'
import { readNumber, readText } from '@cloudbench/environment-kit'
import { findMemoryGroups } from './cgroup.ts'

/** What this machine and its container allow. Never throws; what cannot be read is absent. */
export async function discover(root: string): Promise<Facts> {
  const [memoryBytes, groups] = await Promise.all([machineBytes(root), findMemoryGroups(root)])
  const limit = await groups.limitBelow(memoryBytes)
  const usedFile = await groups.usedFile(limit)
  const usedBytes = usedFile === undefined ? undefined : await readNumber(join(root, usedFile))
  return {
    'memory.bytes': memoryBytes,
    ...(limit && { 'memory.limitBytes': limit.bytes, 'memory.limitFile': limit.file }),
    ...(usedBytes !== undefined && { 'memory.usedBytes': usedBytes }),
    'cgroup.hierarchy': groups.cgroups.hierarchy,
    'heap.limitBytes': getHeapStatistics().heap_size_limit,
    'process.runtime.version': process.versions.node,
  }
}

/** The memory of the machine, limits left aside. */
export async function machineBytes(root: string): Promise<number> {
  const kibibytes = /^MemTotal:\s+(\d+) kB$/m.exec((await readText(join(root, 'proc/meminfo'))) ?? '')?.[1]
  return kibibytes === undefined ? totalmem() : Number(kibibytes) * 1024
}
