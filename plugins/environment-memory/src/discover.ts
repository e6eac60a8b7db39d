import { readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import type { Facts } from '@cloudbench/core'
import { readCgroupMemory } from './cgroup.ts'

/** What this machine and its container allow. Never throws; what cannot be read is absent. */
export async function discover(root: string): Promise<Facts> {
  const memTotalBytes = (await readMemTotal(root)) ?? totalmem()
  return {
    memTotalBytes,
    ...(await readCgroupMemory(root, memTotalBytes)),
    nodeVersion: process.versions.node,
    heapLimitBytes: getHeapStatistics().heap_size_limit,
  }
}

async function readMemTotal(root: string): Promise<number | undefined> {
  const text = await readFile(join(root, 'proc/meminfo'), 'utf8').catch(() => '')
  const kibibytes = /^MemTotal:\s+(\d+) kB$/m.exec(text)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}
