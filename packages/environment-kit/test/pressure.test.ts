import { join } from 'node:path'
import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { findCgroups, findPressure, pressureIn, readPressure } from '../src/index.ts'

const averages = 'avg10=1.45 avg60=24.04 avg300=62.73'
const mounted = '29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n'

test('the totals are milliseconds', () => {
  expect(pressureIn(`some ${averages} total=1234567\nfull ${averages} total=500\n`)).toEqual({
    someMs: 1234.567,
    fullMs: 0.5,
  })
})

test('of what is missing or malformed there is no total', async () => {
  expect(pressureIn('')).toEqual({})
  expect(pressureIn(`some ${averages} total=\nfull ${averages} total=-3\n`)).toEqual({})
  expect(pressureIn(`some ${averages} total=7\n`)).toEqual({ someMs: 0.007 })
  expect(await readPressure('/nonexistent')).toEqual({})
})

test("the group's own pressure is found before the machine's", async () => {
  const { root } = await machineTree({
    'proc/self/mountinfo': mounted,
    'proc/self/cgroup': '0::/bench\n',
    'proc/pressure/cpu': `some ${averages} total=1\n`,
    'proc/pressure/io': `some ${averages} total=1\n`,
    'sys/fs/cgroup/bench/cpu.pressure': `some ${averages} total=2\n`,
  })
  const cgroups = await findCgroups(root)
  expect(await findPressure(root, cgroups, 'cpu')).toBe('/sys/fs/cgroup/bench/cpu.pressure')
  expect(await findPressure(root, cgroups, 'io')).toBe('/proc/pressure/io')
  expect(await findPressure(root, cgroups, 'memory')).toBeUndefined()
})

test('a kernel that counts no pressure has empty files, or files that cannot be read', async () => {
  const { root } = await machineTree({ 'proc/pressure/cpu': '' })
  expect(await findPressure(root, await findCgroups(root), 'cpu')).toBeUndefined()
  expect(await readPressure(join(root, 'proc/pressure'))).toEqual({})
})
