import { machineTree, sharedMachine } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { type CgroupPath, findCgroups } from '../../src/index.ts'

const v2 = (...folders: readonly string[]): CgroupPath => ({ version: 2, folders })
const v1 = (...folders: readonly string[]): CgroupPath => ({ version: 1, folders })

test.each([
  {
    machine: 'cgroup-v1',
    what: 'own group first, then those above',
    hierarchy: 'v1',
    paths: [v1('/sys/fs/cgroup/memory/batch/job-7', '/sys/fs/cgroup/memory/batch', '/sys/fs/cgroup/memory/')],
  },
  {
    machine: 'cgroup-v1-container',
    what: "the host's path, of which only the container's part is mounted",
    hierarchy: 'v1',
    paths: [v1('/sys/fs/cgroup/memory/')],
  },
  {
    machine: 'cgroup-v2',
    what: 'one hierarchy for all controllers',
    hierarchy: 'v2',
    paths: [
      v2('/sys/fs/cgroup/system.slice/bench.service', '/sys/fs/cgroup/system.slice', '/sys/fs/cgroup/'),
    ],
  },
  {
    machine: 'cgroup-v2-container',
    what: 'a namespace in which the group is the topmost',
    hierarchy: 'v2',
    paths: [v2('/sys/fs/cgroup/')],
  },
  {
    machine: 'cgroup-v2-outside',
    what: 'a group outside of the namespace is taken to be the topmost',
    hierarchy: 'v2',
    paths: [v2('/sys/fs/cgroup/')],
  },
  {
    machine: 'cgroup-v2-no-mountinfo',
    what: 'a mount table that cannot be read: where it usually is',
    hierarchy: 'v2',
    paths: [v2('/sys/fs/cgroup/bench', '/sys/fs/cgroup/')],
  },
  {
    machine: 'cgroup-v2-odd-mount',
    what: 'a mount point with a space',
    hierarchy: 'v2',
    paths: [v2('/mnt/my groups/bench', '/mnt/my groups/')],
  },
  {
    machine: 'cgroup-hybrid',
    what: 'both, version 1 first',
    hierarchy: 'hybrid',
    paths: [
      v1('/sys/fs/cgroup/memory/bench', '/sys/fs/cgroup/memory/'),
      v2('/sys/fs/cgroup/unified/bench', '/sys/fs/cgroup/unified/'),
    ],
  },
  { machine: 'cgroup-none', what: 'no groups at all', hierarchy: 'none', paths: [] },
])('$machine: $what', async ({ machine, hierarchy, paths }) => {
  const cgroups = await findCgroups(sharedMachine(machine))
  expect(cgroups.hierarchy).toBe(hierarchy)
  expect(cgroups.pathsOf('memory')).toEqual(paths)
})

test('controllers of version 1 each have a group of their own, or share one', async () => {
  const { root } = await machineTree({
    'proc/self/mountinfo': [
      '30 29 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
      '31 29 0:27 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio',
      '32 29 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd',
    ].join('\n'),
    'proc/self/cgroup': '3:cpu,cpuacct:/a\n2:blkio:/b\n1:name=systemd:/c\n0::/d\n',
  })
  const cgroups = await findCgroups(root)
  expect(cgroups.hierarchy).toBe('v1')
  expect(cgroups.pathsOf('cpu')).toEqual([v1('/sys/fs/cgroup/cpu,cpuacct/a', '/sys/fs/cgroup/cpu,cpuacct/')])
  expect(cgroups.pathsOf('io')).toEqual([v1('/sys/fs/cgroup/blkio/b', '/sys/fs/cgroup/blkio/')])
  expect(cgroups.pathsOf('memory')).toEqual([])
})

test('version 1 without a mount table is found where it usually is', async () => {
  const { root } = await machineTree({
    'proc/self/cgroup': '2:cpu:/bench\n',
    'sys/fs/cgroup/cpu/cgroup.procs': '',
  })
  const cgroups = await findCgroups(root)
  expect(cgroups.hierarchy).toBe('v1')
  expect(cgroups.pathsOf('cpu')).toEqual([v1('/sys/fs/cgroup/cpu/bench', '/sys/fs/cgroup/cpu/')])
  expect(cgroups.pathsOf('cpuset')).toEqual([])
})

test('a machine without /proc has none', async () => {
  const cgroups = await findCgroups('/nonexistent/root')
  expect(cgroups.hierarchy).toBe('none')
  expect(cgroups.pathsOf('cpu')).toEqual([])
})

test('lines that are no lines of the kernel are skipped', async () => {
  const { root } = await machineTree({
    'proc/self/mountinfo': 'x\n - \n1 2 3\n\u0000\n30 22 0:26 / /sys/fs/cgroup rw - cgroup2 c rw\n',
    'proc/self/cgroup': Uint8Array.of(0, 255, 10, 58, 58, 10),
  })
  expect((await findCgroups(root)).pathsOf('cpu')).toEqual([v2('/sys/fs/cgroup/')])
})
