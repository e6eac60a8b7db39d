import { findCgroups } from '@cloudbench/environment-kit'
import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { throttling } from '../../src/signals/throttling.ts'
import { newerGroups, olderGroups } from '../groups.ts'

const sourceOf = async (root: string) => throttling(root, await findCgroups(root))

test('version 2 counts microseconds, and a group without the controller has stopped nothing', async () => {
  const { root } = await machineTree({
    ...newerGroups,
    'sys/fs/cgroup/cpu.stat': 'usage_usec 5\n',
    'sys/fs/cgroup/job/cpu.stat': 'usage_usec 5\nnr_periods 100\nnr_throttled 9\nthrottled_usec 4500\n',
    'sys/fs/cgroup/job/worker/cpu.stat': 'usage_usec 5\nnr_periods 10\nnr_throttled 1\nthrottled_usec 500\n',
  })
  const source = await sourceOf(root)
  expect(source.signals).toEqual({
    'cpu.quotaPeriods': 'counter',
    'cpu.throttledPeriods': 'counter',
    'cpu.throttledMs': 'counter',
  })
  expect(await source.read([])).toEqual({
    'cpu.quotaPeriods': 110,
    'cpu.throttledPeriods': 10,
    'cpu.throttledMs': 5,
  })
})

test('version 1 counts nanoseconds', async () => {
  const { root } = await machineTree({
    ...olderGroups,
    'sys/fs/cgroup/cpu/job/cpu.stat': 'nr_periods 11\nnr_throttled 11\nthrottled_time 7500000\n',
  })
  expect(await (await sourceOf(root)).read([])).toEqual({
    'cpu.quotaPeriods': 11,
    'cpu.throttledPeriods': 11,
    'cpu.throttledMs': 7.5,
  })
})

test('a group that goes away leaves out all of it: the sum of the others would be a reset', async () => {
  const machine = await machineTree({
    ...newerGroups,
    'sys/fs/cgroup/cpu.stat': 'usage_usec 5\n',
    'sys/fs/cgroup/job/cpu.stat': 'nr_periods 100\nnr_throttled 9\nthrottled_usec 4500\n',
  })
  const source = await sourceOf(machine.root)
  await machine.remove('sys/fs/cgroup/job')
  expect(await source.read([])).toEqual({})
})

test('a file that is malformed does not hide the others, and alone it is missing', async () => {
  const machine = await machineTree({
    ...newerGroups,
    'sys/fs/cgroup/cpu.stat': '\0\u0001 zzz\n',
    'sys/fs/cgroup/job/cpu.stat': 'nr_periods 100\nnr_throttled 9\nthrottled_usec 4500\n',
  })
  expect(await (await sourceOf(machine.root)).read([])).toMatchObject({ 'cpu.quotaPeriods': 100 })
  await machine.remove('sys/fs/cgroup/job')
  expect((await sourceOf(machine.root)).missing).toHaveProperty(['cpu.quotaPeriods'])
})

test('without control groups it is missing', async () => {
  const { root } = await machineTree()
  expect(await sourceOf(root)).toMatchObject({
    signals: {},
    missing: { 'cpu.throttledMs': 'no cpu.stat of a control group can be read' },
  })
})
