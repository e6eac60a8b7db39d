import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A synthetic machine, whose files can be rewritten. */
export interface Tree {
  readonly root: string
  write(path: string, content: string | Uint8Array): Promise<void>
  remove(path: string): Promise<void>
}

export async function tree(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Tree> {
  const root = await mkdtemp(join(tmpdir(), 'cloudbench-burst-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const write: Tree['write'] = async (path, content) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  for (const [path, content] of Object.entries(files)) await write(path, content)
  return { root, write, remove: (path) => rm(join(root, path), { recursive: true }) }
}

/** Control groups of version 2, and this process in `/job/worker`. */
export const newerGroups = {
  'proc/self/mountinfo': '29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  'proc/self/cgroup': '0::/job/worker\n',
}

/** Control groups of version 1, and this process in `/job/worker`. */
export const olderGroups = {
  'proc/self/mountinfo': '30 29 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n',
  'proc/self/cgroup': '3:cpu,cpuacct:/job/worker\n',
}
