import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { findCgroups, findQuota } from '../../src/index.ts'

const newerGroups = {
  'proc/self/mountinfo': '29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  'proc/self/cgroup': '0::/job/worker\n',
}
const olderGroups = {
  'proc/self/mountinfo': '30 29 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n',
  'proc/self/cgroup': '3:cpu,cpuacct:/job/worker\n',
}

test.each([
  {
    what: 'a quota of version 2',
    files: { ...newerGroups, 'sys/fs/cgroup/job/worker/cpu.max': '50000 100000\n' },
    quota: { cpus: 0.5, periodMs: 100, file: '/sys/fs/cgroup/job/worker/cpu.max' },
  },
  {
    what: 'the smaller one of a group above',
    files: {
      ...newerGroups,
      'sys/fs/cgroup/job/worker/cpu.max': '400000 100000\n',
      'sys/fs/cgroup/job/cpu.max': '300000 200000\n',
      'sys/fs/cgroup/cpu.max': 'max 100000\n',
    },
    quota: { cpus: 1.5, periodMs: 200, file: '/sys/fs/cgroup/job/cpu.max' },
  },
  {
    what: 'a quota of version 1',
    files: {
      ...olderGroups,
      'sys/fs/cgroup/cpu/job/cpu.cfs_quota_us': '250000\n',
      'sys/fs/cgroup/cpu/job/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    quota: { cpus: 2.5, periodMs: 100, file: '/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us' },
  },
])('$what', async ({ files, quota }) => {
  const { root } = await machineTree(files)
  expect(await findQuota(root, await findCgroups(root))).toEqual(quota)
})

test.each([
  { what: 'no quota', file: 'max 100000\n' },
  { what: 'an empty file', file: '' },
  { what: 'a quota without a period', file: '50000\n' },
  { what: 'a period of nothing', file: '50000 0\n' },
  { what: 'a quota of nothing', file: '0 100000\n' },
  { what: 'numbers that are none', file: '-50000 1e5\n' },
])('$what is none', async ({ file }) => {
  const { root } = await machineTree({ ...newerGroups, 'sys/fs/cgroup/job/worker/cpu.max': file })
  expect(await findQuota(root, await findCgroups(root))).toBeUndefined()
})

test('a container without control groups has none', async () => {
  const { root } = await machineTree()
  expect(await findQuota(root, await findCgroups(root))).toBeUndefined()
})
