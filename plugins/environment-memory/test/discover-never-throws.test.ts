import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { discover } from '../src/discover.ts'

test('a machine without /proc answers with what node knows', async () => {
  const facts = await discover('/nonexistent/root')
  expect(facts['cgroup.hierarchy']).toBe('none')
  expect(facts['memory.bytes']).toBeGreaterThan(0)
  expect(facts).not.toHaveProperty(['memory.limitBytes'])
})

test('binary files, folders in place of files and broken lines are skipped', async () => {
  const { root } = await machineTree({
    'proc/self/cgroup/file': 'a folder',
    'sys/fs/cgroup/memory.max/file': 'a folder',
    'sys/fs/cgroup/memory.high': 'many\n',
    'proc/meminfo': Uint8Array.of(0, 255, 254, 10, 10),
    'proc/self/mountinfo': 'x\n - \n1 2 3\n30 22 0:26 / /sys/fs/cgroup rw - cgroup2 c rw\n',
  })
  expect(await discover(root)).toMatchObject({ 'cgroup.hierarchy': 'v2' })
})
