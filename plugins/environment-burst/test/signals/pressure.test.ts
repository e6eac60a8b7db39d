import { findCgroups } from '@cloudbench/environment-kit'
import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { stalls } from '../../src/signals/pressure.ts'
import { newerGroups } from '../groups.ts'

const some = (totalUs: number): string => `some avg10=0.00 avg60=0.00 avg300=0.00 total=${totalUs}\n`

test('the own group where it has one, else the machine', async () => {
  const { root } = await machineTree({
    ...newerGroups,
    'sys/fs/cgroup/job/worker/cpu.pressure': some(1500),
    'proc/pressure/cpu': some(9000),
    'proc/pressure/io': some(2500),
  })
  const cgroups = await findCgroups(root)
  expect(await (await stalls(root, cgroups, 'cpu')).read([])).toEqual({ 'cpu.stalledMs': 1.5 })
  expect(await (await stalls(root, cgroups, 'io')).read([])).toEqual({ 'io.stalledMs': 2.5 })
})

test('a kernel without it: missing', async () => {
  const { root } = await machineTree(newerGroups)
  const source = await stalls(root, await findCgroups(root), 'cpu')
  expect(source).toMatchObject({ signals: {}, missing: { 'cpu.stalledMs': expect.any(String) as string } })
})
