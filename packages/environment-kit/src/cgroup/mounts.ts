/** A mounted hierarchy of control groups. */
export interface CgroupMount {
  readonly version: 1 | 2
  /** Of version 1: what it controls, `cpu` and `cpuacct` often together, or none. Groups of version 2 may have any. */
  readonly controllers: readonly string[]
  /** Which part of the hierarchy is mounted: `/`, or the container's own group. */
  readonly root: string
  readonly mountPoint: string
}

/** Reads `/proc/<pid>/mountinfo`: the mounts of control groups, in its order. Lines that it does not understand are left out. */
export function cgroupMountsIn(mountinfo: string): readonly CgroupMount[] {
  const mounts: CgroupMount[] = []
  for (const line of mountinfo.split('\n')) {
    // a varying number of optional fields precedes the lone dash.
    const [before, after] = line.split(' - ', 2)
    const [, , , root, mountPoint] = before?.split(' ') ?? []
    const [type, , superOptions] = after?.split(' ') ?? []
    if (root === undefined || mountPoint === undefined) continue
    const place = { root: unescape(root), mountPoint: unescape(mountPoint) }
    if (type === 'cgroup2') mounts.push({ version: 2, controllers: [], ...place })
    if (type === 'cgroup') mounts.push({ version: 1, controllers: superOptions?.split(',') ?? [], ...place })
  }
  return mounts
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
