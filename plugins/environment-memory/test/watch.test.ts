import { machineTree, sharedMachine } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { watch } from '../src/watch.ts'
import { contextOf } from './context.ts'
import { machineLike, meminfo, mib } from './machine.ts'

const group = 'sys/fs/cgroup/system.slice/bench.service'

test.each([
  {
    machine: 'cgroup-v2',
    what: "the group's own pressure, not the machine's",
    reads: { 'memory.usedBytes': 90 * mib, 'memory.stalledMs': 1234.567, 'memory.limitBytes': 512 * mib },
  },
  {
    machine: 'cgroup-v1',
    what: "the machine's pressure: groups have none",
    reads: { 'memory.usedBytes': 100 * mib, 'memory.stalledMs': 80.5, 'memory.limitBytes': 512 * mib },
  },
  {
    machine: 'cgroup-v2-nested',
    what: 'no pressure',
    reads: { 'memory.usedBytes': 288 * mib, 'memory.limitBytes': 384 * mib },
  },
  {
    machine: 'cgroup-none',
    what: 'no group: the memory of the machine is the limit',
    reads: { 'memory.limitBytes': 8192 * mib },
  },
])('$machine: $what', async ({ machine, reads }) => {
  const watcher = await watch(contextOf({ root: sharedMachine(machine) }))
  expect(await watcher.read([])).toMatchObject(reads)
  await watcher.close()
})

test('what is not there is not declared, and it says why', async () => {
  const watcher = await watch(contextOf({ root: sharedMachine('cgroup-none') }))
  expect(watcher.signals).toEqual({ 'memory.limitBytes': 'gauge' })
  expect(watcher.missing).toMatchObject({
    'memory.usedBytes': 'no control group says it',
    'memory.allStalledMs': 'the kernel counts no pressure: boot with psi=1',
    'memory.oomKills': '/proc/vmstat does not say it',
  })
})

test('every sample is read afresh, and what has gone is left out', async () => {
  const { root, write, remove } = await machineLike('cgroup-v2')
  const watcher = await watch(contextOf({ root }))
  await write(`${group}/memory.current`, `${91 * mib}\n`)
  await write(
    `${group}/memory.pressure`,
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=2000000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=500000\n',
  )
  await write(`${group}/memory.max`, `${500 * mib}\n`)
  expect(await watcher.read([])).toEqual({
    'memory.usedBytes': 91 * mib,
    'memory.stalledMs': 2000,
    'memory.allStalledMs': 500,
    'memory.limitBytes': 500 * mib,
  })
  await remove('sys')
  // a limit that cannot be read is not one that has gone
  expect(await watcher.read([])).toEqual({})
  await watcher.close()
})

test('without the memory of the machine, its limit is not known either', async () => {
  const { root, remove } = await machineLike('cgroup-v2')
  const watcher = await watch(contextOf({ root }))
  await remove('proc/meminfo')
  expect(await watcher.read([])).not.toHaveProperty(['memory.limitBytes'])
})

test('the counts of the kernel', async () => {
  const { root, write } = await machineTree()
  await write('proc/meminfo', meminfo(1000))
  await write(
    'proc/vmstat',
    [
      'nr_balloon_pages 256',
      'pswpin 3',
      'pswpout 4',
      'allocstall_dma 1',
      'allocstall_normal 2',
      'compact_stall 10',
      'compact_fail 100',
      'pgmajfault 806',
      'oom_kill 2',
      'balloon_inflate 512',
      'balloon_deflate 256',
    ].join('\n'),
  )
  // the end of a page of auxiliary entries: AT_PAGESZ is 16 KiB
  await write('proc/self/auxv', auxiliary([33, 7], [6, 16 * 1024], [0, 0]))
  const watcher = await watch(contextOf({ root }))
  expect(await watcher.read([])).toEqual({
    'memory.limitBytes': 1000 * mib,
    'memory.swappedPages': 7,
    'memory.reclaimStalls': 13,
    'memory.majorFaults': 806,
    'memory.oomKills': 2,
    'memory.balloonBytes': 4 * mib,
    'memory.balloonInflatedBytes': 8 * mib,
  })
  expect(watcher.signals).toMatchObject({ 'memory.balloonBytes': 'gauge', 'memory.oomKills': 'counter' })
})

test.each([
  { what: 'empty', vmstat: '' },
  { what: 'binary', vmstat: Uint8Array.of(0, 255, 10, 32, 10) },
  { what: 'negative or huge', vmstat: `oom_kill -1\npswpin ${'9'.repeat(400)}\n` },
])('counts that are $what are none', async ({ vmstat }) => {
  const { root, write } = await machineLike('cgroup-none')
  await write('proc/vmstat', vmstat)
  expect((await watch(contextOf({ root }))).signals).toEqual({ 'memory.limitBytes': 'gauge' })
})

function auxiliary(...entries: readonly (readonly [number, number])[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(entries.length * 16))
  for (const [at, entry] of entries.entries())
    for (const [word, value] of entry.entries()) bytes.setBigUint64(at * 16 + word * 8, BigInt(value), true)
  return new Uint8Array(bytes.buffer)
}
