/** A mounted cgroup hierarchy that can hold memory limits. */
export interface CgroupMount {
  readonly version: 1 | 2
  /** Which part of the hierarchy is mounted: `/`, or the container's own group. */
  readonly root: string
  readonly mountPoint: string
}

export interface CgroupMounts {
  /** Mounts with memory files, in the order of the mount table. */
  readonly memory: readonly CgroupMount[]
  /** Any version 1 hierarchy, whatever its controller. */
  readonly v1: boolean
  readonly v2: boolean
}

/** Where they are usually mounted, for systems that hide the mount table. */
export const conventionalMounts: readonly CgroupMount[] = [
  { version: 1, root: '/', mountPoint: '/sys/fs/cgroup/memory' },
  { version: 2, root: '/', mountPoint: '/sys/fs/cgroup' },
]

/** Reads `/proc/<pid>/mountinfo`. Lines it does not understand are left out. */
export function parseMounts(mountinfo: string): CgroupMounts {
  const memory: CgroupMount[] = []
  let v1 = false
  let v2 = false
  for (const line of mountinfo.split('\n')) {
    // a varying number of optional fields precedes the lone dash.
    const [before, after] = line.split(' - ', 2)
    const [, , , root, mountPoint] = before?.split(' ') ?? []
    const [type, , superOptions] = after?.split(' ') ?? []
    if (root === undefined || mountPoint === undefined) continue
    const place = { root: unescape(root), mountPoint: unescape(mountPoint) }
    if (type === 'cgroup2') {
      v2 = true
      memory.push({ version: 2, ...place })
    } else if (type === 'cgroup') {
      v1 = true
      if (superOptions?.split(',').includes('memory')) memory.push({ version: 1, ...place })
    }
  }
  return { memory, v1, v2 }
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
