import { totalmem } from 'node:os'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import type { Facts } from '@cloudbench/core'
import { read, readCgroupMemory } from './cgroup.ts'

/** What this machine and its container allow. Never throws; what cannot be read is absent. */
export async function discover(root: string): Promise<Facts> {
  const memoryBytes = await machineBytes(root)
  const { hierarchy, limitBytes, limitFile, usedBytes } = await readCgroupMemory(root, memoryBytes)
  return {
    'memory.bytes': memoryBytes,
    ...(limitBytes !== undefined && { 'memory.limitBytes': limitBytes }),
    ...(limitFile !== undefined && { 'memory.limitFile': limitFile }),
    ...(usedBytes !== undefined && { 'memory.usedBytes': usedBytes }),
    'cgroup.hierarchy': hierarchy,
    'heap.limitBytes': getHeapStatistics().heap_size_limit,
    'process.runtime.version': process.versions.node,
  }
}

/** The memory of the machine, limits left aside. */
export async function machineBytes(root: string): Promise<number> {
  const kibibytes = /^MemTotal:\s+(\d+) kB$/m.exec((await read(join(root, 'proc/meminfo'))) ?? '')?.[1]
  return kibibytes === undefined ? totalmem() : Number(kibibytes) * 1024
}
