import { join } from 'node:path'
import { countsIn } from '../counts.ts'
import { numberIn, readNumber, readText } from '../files.ts'
import { type Cgroups, findCgroups } from './find.ts'

/** A limit, and the file that says so. */
export interface MemoryLimit {
  readonly bytes: number
  readonly file: string
  /** Of the group that sets it. */
  readonly folder: string
  readonly version: 1 | 2
}

/** The control groups that may limit the memory of this process. */
export interface MemoryGroups {
  readonly cgroups: Cgroups
  /**
   * The smallest limit between this process's group and the root, now. A limit of `machineBytes` or more limits nothing; that
   * is how version 1 says "no limit".
   */
  limitBelow(machineBytes: number): Promise<MemoryLimit | undefined>
  /** As `limitBelow`. Not whole: a file that was there when the groups were found cannot be read now, and may say less. */
  look(machineBytes: number): Promise<{ readonly limit?: MemoryLimit; readonly isWhole: boolean }>
  /** The file that says what is in use by the group that sets a limit; without one, by this process's own group. */
  usedFile(limit: MemoryLimit | undefined): Promise<string | undefined>
}

const files: Record<1 | 2, { readonly limits: readonly string[]; readonly used: string }> = {
  // `memory.high` does not kill, it throttles: a heap that grows beyond it is as good as stopped.
  2: { limits: ['memory.max', 'memory.high'], used: 'memory.current' },
  1: { limits: ['memory.limit_in_bytes'], used: 'memory.usage_in_bytes' },
}

/** Counts the groups above the mount too, which a container cannot see. */
const limitOfAll = 'hierarchical_memory_limit'

/** Finds them, in either version of control groups or in both. What cannot be read is left out. Never rejects. */
export async function findMemoryGroups(root: string): Promise<MemoryGroups> {
  const cgroups = await findCgroups(root)
  const paths = cgroups.pathsOf('memory')
  const limitFiles: Omit<MemoryLimit, 'bytes'>[] = []
  for (const { version, folders } of paths) {
    const candidates = folders.flatMap((folder) => files[version].limits.map((name) => ({ folder, name })))
    // after those that it sums up, so that the group which sets the limit is the one that is named.
    if (version === 1) candidates.push({ folder: folders[0]!, name: 'memory.stat' })
    for (const { folder, name } of candidates) {
      const file = join(folder, name)
      if ((await readText(join(root, file))) !== undefined) limitFiles.push({ file, folder, version })
    }
  }
  const look: MemoryGroups['look'] = async (machineBytes) => {
    let limit: MemoryLimit | undefined
    let isWhole = true
    for (const limitFile of limitFiles) {
      const text = await readText(join(root, limitFile.file))
      if (text === undefined) isWhole = false
      const bytes = numberIn(text) ?? countsIn(text ?? '').get(limitOfAll)
      if (bytes !== undefined && bytes < (limit?.bytes ?? machineBytes)) limit = { bytes, ...limitFile }
    }
    return { ...(limit && { limit }), isWhole }
  }
  return {
    cgroups,
    look,
    limitBelow: async (machineBytes) => (await look(machineBytes)).limit,
    async usedFile(limit) {
      const own = paths.flatMap(({ version, folders }) => folders.map((folder) => ({ version, folder })))
      for (const { version, folder } of limit === undefined ? own : [limit, ...own]) {
        const file = join(folder, files[version].used)
        if ((await readNumber(join(root, file))) !== undefined) return file
      }
      return undefined
    },
  }
}
