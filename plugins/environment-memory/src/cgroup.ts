import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { conventionalMounts, parseMounts, type CgroupMount } from './mounts.ts'

export interface CgroupMemory {
  readonly hierarchy: 'v1' | 'v2' | 'hybrid' | 'none'
  /** The smallest limit between this process's group and the root. Absent: nothing below the machine's own memory. */
  readonly limitBytes?: number
  /** The file that the limit was read from. */
  readonly limitFile?: string
  /** In use by the group that sets the limit; without a limit, by this process's own group. */
  readonly usedBytes?: number
  /** The file that it was read from. */
  readonly usedFile?: string
}

interface Limit {
  readonly bytes: number
  readonly file: string
  readonly folder: string
}

interface Used {
  readonly bytes: number
  readonly file: string
}

const files = {
  // `memory.high` does not kill, it throttles: a heap that grows beyond it is as good as stopped.
  2: { limits: ['memory.max', 'memory.high'], used: 'memory.current' },
  1: { limits: ['memory.limit_in_bytes'], used: 'memory.usage_in_bytes' },
} as const

/**
 * Finds the memory limit that holds for this process, in either version of cgroups or in both.
 * A limit of `memTotalBytes` or more limits nothing; that is how version 1 says "no limit".
 * What cannot be read is left out; nothing here throws.
 */
export async function readCgroupMemory(root: string, memTotalBytes: number): Promise<CgroupMemory> {
  const [groups, mountinfo] = await Promise.all([
    read(join(root, 'proc/self/cgroup')),
    read(join(root, 'proc/self/mountinfo')),
  ])
  let { memory, v1, v2 } = parseMounts(mountinfo ?? '')
  if (memory.length === 0 && mountinfo === undefined) {
    memory = await present(root, conventionalMounts)
    v1 = memory.some((mount) => mount.version === 1)
    v2 = memory.some((mount) => mount.version === 2)
  }

  let smallest: Limit | undefined
  let ownUsed: Used | undefined
  for (const version of [1, 2] as const) {
    const own = ownGroup(groups ?? '', version)
    const mount = bestMount(memory, version, own)
    if (mount === undefined) continue
    const folders = ancestors(visiblePath(own, mount.root)).map((path) => join(mount.mountPoint, path))
    for (const limit of await limitsOf(root, version, folders))
      if (limit.bytes < memTotalBytes && (smallest === undefined || limit.bytes < smallest.bytes))
        smallest = limit
    for (const folder of folders) ownUsed ??= await usedOf(root, folder, [version])
  }

  const hierarchy = v1 && v2 ? 'hybrid' : v1 ? 'v1' : v2 ? 'v2' : 'none'
  const used = (smallest && (await usedOf(root, smallest.folder, [2, 1]))) ?? ownUsed
  return {
    hierarchy,
    ...(smallest && { limitBytes: smallest.bytes, limitFile: smallest.file }),
    ...(used && { usedBytes: used.bytes, usedFile: used.file }),
  }
}

/** Every limit on the way up, own group first; then the kernel's own answer for all of them. */
async function limitsOf(root: string, version: 1 | 2, folders: readonly string[]): Promise<Limit[]> {
  const limits: Limit[] = []
  for (const folder of folders)
    for (const name of files[version].limits) {
      const file = join(folder, name)
      const bytes = await readNumber(join(root, file))
      if (bytes !== undefined) limits.push({ bytes, file, folder })
    }

  if (version === 2) return limits
  for (const folder of folders) {
    // counts the groups above the mount too, which a container cannot see.
    const file = join(folder, 'memory.stat')
    const bytes = number(/^hierarchical_memory_limit (\d+)$/m.exec((await read(join(root, file))) ?? '')?.[1])
    if (bytes !== undefined) limits.push({ bytes, file, folder })
  }
  return limits
}

async function usedOf(root: string, folder: string, versions: readonly (1 | 2)[]): Promise<Used | undefined> {
  for (const version of versions) {
    const file = join(folder, files[version].used)
    const bytes = await readNumber(join(root, file))
    if (bytes !== undefined) return { bytes, file }
  }
  return undefined
}

/** This process's group, from `/proc/self/cgroup`. */
function ownGroup(groups: string, version: 1 | 2): string {
  for (const line of groups.split('\n')) {
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? []
    if (path === undefined) continue
    if (version === 2 ? id === '0' && controllers === '' : controllers?.split(',').includes('memory'))
      return path
  }
  return '/'
}

/** Of several mounts of one hierarchy, the one that shows most of the way from the group to the root. */
function bestMount(mounts: readonly CgroupMount[], version: 1 | 2, own: string): CgroupMount | undefined {
  const candidates = mounts.filter((mount) => mount.version === version)
  const shows = candidates.filter((mount) => isBelow(own, mount.root))
  return shows.toSorted((a, b) => a.root.length - b.root.length)[0] ?? candidates[0]
}

/** The group as seen under the mount. A group that the mount does not show is taken to be the mount's own root. */
function visiblePath(own: string, mountRoot: string): string {
  if (!isBelow(own, mountRoot)) return '/'
  return mountRoot === '/' ? own : own.slice(mountRoot.length) || '/'
}

/** A group outside the cgroup namespace begins with `/..` and is below nothing. */
function isBelow(path: string, ancestor: string): boolean {
  if (path.split('/').includes('..')) return false
  return ancestor === '/' || path === ancestor || path.startsWith(`${ancestor}/`)
}

/** `/a/b`, `/a`, `/`. */
function ancestors(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '')
  return [...names.keys(), names.length].toReversed().map((depth) => `/${names.slice(0, depth).join('/')}`)
}

async function present(root: string, mounts: readonly CgroupMount[]): Promise<CgroupMount[]> {
  const found: CgroupMount[] = []
  for (const mount of mounts) {
    const probe = mount.version === 1 ? 'memory.limit_in_bytes' : 'cgroup.controllers'
    if ((await read(join(root, mount.mountPoint, probe))) !== undefined) found.push(mount)
  }
  return found
}

export async function read(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined)
}

/** The number in a file; absent where there is none. */
export async function readNumber(path: string): Promise<number | undefined> {
  return number(await read(path))
}

/** `max`, an empty file and a missing one are no number. */
function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined
}
