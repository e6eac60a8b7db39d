import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { discover } from '../src/discover.ts'

test('a machine without /proc answers with what node knows', async () => {
  const facts = await discover('/nonexistent/root')
  expect(facts['cgroup.hierarchy']).toBe('none')
  expect(facts['memory.bytes']).toBeGreaterThan(0)
  expect(facts).not.toHaveProperty(['memory.limitBytes'])
})

test('binary files, folders in place of files and broken lines are skipped', async () => {
  const root = await mkdtemp(join(tmpdir(), 'cloudbench-memory-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'proc/self/cgroup'), { recursive: true })
  await mkdir(join(root, 'sys/fs/cgroup/memory.max'), { recursive: true })
  await writeFile(join(root, 'proc/meminfo'), Uint8Array.of(0, 255, 254, 10, 10))
  await writeFile(
    join(root, 'proc/self/mountinfo'),
    'x\n - \n1 2 3\n30 22 0:26 / /sys/fs/cgroup rw - cgroup2 c rw\n',
  )
  await writeFile(join(root, 'sys/fs/cgroup/memory.high'), 'many\n')
  expect(await discover(root)).toMatchObject({ 'cgroup.hierarchy': 'v2' })
})
