import { readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { type Counts, readCounts, readText } from '@cloudbench/environment-kit'

/** The memory of the machine, limits left aside. It moves where a hypervisor takes memory away or adds some. */
export async function machineBytes(root: string): Promise<number> {
  return (await readMachineBytes(root)) ?? totalmem()
}

/** As `/proc/meminfo` says it. Undefined where it cannot be read. Never rejects. */
export async function readMachineBytes(root: string): Promise<number | undefined> {
  const meminfo = (await readText(join(root, 'proc/meminfo'))) ?? ''
  const kibibytes = /^MemTotal:\s+(\d{1,15}) kB$/m.exec(meminfo)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

/** What the kernel counts about memory, since boot. What it does not count is absent. */
export interface MemoryCounts {
  readonly swappedPages?: number
  readonly oomKills?: number
  readonly majorFaults?: number
  readonly reclaimStalls?: number
  /** Now, not since boot. */
  readonly balloonBytes?: number
  readonly balloonInflatedBytes?: number
}

/** From `/proc/vmstat`. Never rejects. */
export async function readMemoryCounts(root: string, pageBytes: number | undefined): Promise<MemoryCounts> {
  const counts = await readCounts(join(root, 'proc/vmstat'))
  const sum = (isPart: (name: string) => boolean): number | undefined => sumOf(counts, isPart)
  const bytes = (name: string): number | undefined => {
    const pages = counts.get(name)
    return pages === undefined || pageBytes === undefined ? undefined : pages * pageBytes
  }
  return defined({
    swappedPages: sum((name) => name === 'pswpin' || name === 'pswpout'),
    oomKills: counts.get('oom_kill'),
    majorFaults: counts.get('pgmajfault'),
    // one per zone; the name that has no zone is of kernels before 4.10.
    reclaimStalls: sum((name) => /^allocstall(_|$)|^compact_stall$/.test(name)),
    balloonBytes: bytes('nr_balloon_pages'),
    balloonInflatedBytes: bytes('balloon_inflate'),
  })
}

function sumOf(counts: Counts, isPart: (name: string) => boolean): number | undefined {
  const parts = [...counts].flatMap(([name, count]) => (isPart(name) ? count : []))
  return parts.length === 0 ? undefined : parts.reduce((total, part) => total + part, 0)
}

/** A page has 4 KiB on x86; elsewhere the kernel was built for 4, 16 or 64, and tells every process which. Never rejects. */
export async function readPageBytes(root: string): Promise<number | undefined> {
  const auxiliary = await readFile(join(root, 'proc/self/auxv')).catch(() => Buffer.alloc(0))
  const last = Math.min(auxiliary.length, 4096) - 16
  for (let at = 0; at <= last; at += 16)
    if (auxiliary.readBigUInt64LE(at) === pageSizeEntry) return Number(auxiliary.readBigUInt64LE(at + 8))
  return process.arch === 'x64' ? 4096 : undefined
}

/** `AT_PAGESZ`. */
const pageSizeEntry = 6n

function defined<T extends object>(values: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T
}
