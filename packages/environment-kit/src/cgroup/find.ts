import { join } from 'node:path'
import { readText } from '../files.ts'
import { type CgroupMount, cgroupMountsIn } from './mounts.ts'

/** A controller by its name in version 2, where another name is older: `io` is `blkio` in version 1. */
export type CgroupController = 'cpu' | 'cpuset' | 'io' | 'memory'

/** A process's way through one hierarchy. */
export interface CgroupPath {
  readonly version: 1 | 2
  /** Its own group first, then all above that are mounted here. Absolute, without the root that was searched. */
  readonly folders: readonly string[]
}

/** The control groups of this process. */
export interface Cgroups {
  readonly hierarchy: 'v1' | 'v2' | 'hybrid' | 'none'
  /** Where the files of a controller may be, version 1 first. A group of version 2 has them only where the controller is enabled. */
  pathsOf(controller: CgroupController): readonly CgroupPath[]
}

const olderNames: Readonly<Partial<Record<CgroupController, string>>> = { io: 'blkio' }

/** Where they are usually mounted, for systems that hide the mount table. */
const conventionalMounts: readonly CgroupMount[] = [
  ...['cpu', 'cpuset', 'blkio', 'memory'].map((controller) => ({
    version: 1 as const,
    controllers: [controller],
    root: '/',
    mountPoint: `/sys/fs/cgroup/${controller}`,
  })),
  { version: 2, controllers: [], root: '/', mountPoint: '/sys/fs/cgroup' },
]

/** Finds them, in either version or in both, below a root of the file system. What cannot be read is left out. Never rejects. */
export async function findCgroups(root: string): Promise<Cgroups> {
  const [groups = '', mountinfo] = await Promise.all([
    readText(join(root, 'proc/self/cgroup')),
    readText(join(root, 'proc/self/mountinfo')),
  ])
  const mounts = mountinfo === undefined ? await present(root, conventionalMounts) : cgroupMountsIn(mountinfo)
  const has = (version: 1 | 2): boolean => mounts.some((mount) => mount.version === version)
  return {
    hierarchy: has(1) && has(2) ? 'hybrid' : has(1) ? 'v1' : has(2) ? 'v2' : 'none',
    pathsOf(controller) {
      const paths: CgroupPath[] = []
      for (const version of [1, 2] as const) {
        const name = version === 1 ? (olderNames[controller] ?? controller) : ''
        const own = ownGroup(groups, version, name)
        const mount = bestMount(mounts, version, name, own)
        if (mount === undefined) continue
        const folders = ancestors(visiblePath(own, mount.root)).map((path) => join(mount.mountPoint, path))
        paths.push({ version, folders })
      }
      return paths
    },
  }
}

/** This process's group, from `/proc/self/cgroup`. */
function ownGroup(groups: string, version: 1 | 2, controller: string): string {
  for (const line of groups.split('\n')) {
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? []
    if (path === undefined) continue
    if (version === 2 ? id === '0' && controllers === '' : controllers?.split(',').includes(controller))
      return path
  }
  return '/'
}

/** Of several mounts of one hierarchy, the one that shows most of the way from the group to the root. */
function bestMount(
  mounts: readonly CgroupMount[],
  version: 1 | 2,
  controller: string,
  own: string,
): CgroupMount | undefined {
  const candidates = mounts.filter(
    (mount) => mount.version === version && (version === 2 || mount.controllers.includes(controller)),
  )
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

/** Of these, the ones that are there: by a file that the topmost group of a hierarchy has in either version. */
async function present(root: string, mounts: readonly CgroupMount[]): Promise<readonly CgroupMount[]> {
  const found = await Promise.all(
    mounts.map(async ({ version, mountPoint }) => {
      const probe = version === 1 ? 'cgroup.procs' : 'cgroup.controllers'
      return (await readText(join(root, mountPoint, probe))) !== undefined
    }),
  )
  return mounts.filter((_mount, at) => found[at])
}
