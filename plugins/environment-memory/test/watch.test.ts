import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { watch } from '../src/watch.ts'
import { fixture } from './fixture.ts'

const mib = 1024 * 1024

test.each([
  {
    machine: 'cgroup-v2',
    what: "the group's own pressure, not the machine's",
    reads: { 'memory.usedBytes': 90 * mib, 'memory.stalledMs': 1234.567 },
  },
  {
    machine: 'cgroup-v1',
    what: "the machine's pressure: groups have none",
    reads: { 'memory.usedBytes': 100 * mib, 'memory.stalledMs': 80.5 },
  },
  { machine: 'cgroup-v2-nested', what: 'no pressure', reads: { 'memory.usedBytes': 288 * mib } },
  { machine: 'cgroup-none', what: 'nothing', reads: {} },
])('$machine: $what', async ({ machine, reads }) => {
  const watcher = await watch(fixture(machine))
  expect(await watcher.read([])).toEqual(reads)
  expect(Object.keys(watcher.signals)).toEqual(Object.keys(reads))
  await watcher.close()
})

test('every sample is read afresh, and what has gone is left out', async () => {
  const root = await mkdtemp(join(tmpdir(), 'cloudbench-memory-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await cp(fixture('cgroup-v2'), root, { recursive: true })
  const watcher = await watch(root)
  const group = join(root, 'sys/fs/cgroup/system.slice/bench.service')
  await writeFile(join(group, 'memory.current'), `${91 * mib}\n`)
  await writeFile(join(group, 'memory.pressure'), 'some avg10=0.00 avg60=0.00 avg300=0.00 total=2000000\n')
  expect(await watcher.read([])).toEqual({ 'memory.usedBytes': 91 * mib, 'memory.stalledMs': 2000 })
  await rm(join(root, 'sys'), { recursive: true })
  expect(await watcher.read([])).toEqual({})
  await watcher.close()
})
