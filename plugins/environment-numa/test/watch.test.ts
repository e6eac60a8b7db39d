import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watch } from '../src/watch.ts'
import { evenNodes, machine } from './machine.ts'

const vmstat = (hit: number, miss: number): string =>
  `nr_free_pages 5\nnuma_hit ${hit}\nnuma_miss ${miss}\nnuma_foreign ${miss}\n`

/** Of a process that last ran on a CPU, with so many pages on each node. */
const running = (
  pid: number,
  cpu: number,
  pages: Readonly<Record<number, number>>,
): Record<string, string> => ({
  [`proc/${pid}/stat`]: `${pid} (no de) 1) S ${Array<number>(35).fill(7).join(' ')} ${cpu} 0 0\n`,
  [`proc/${pid}/numa_maps`]: `1000 default anon=9 ${Object.entries(pages)
    .map(([node, count]) => `N${node}=${count}`)
    .join(' ')} kernelpagesize_kB=4\n`,
})

const workers = [
  { index: 0, pid: 100 },
  { index: 1, pid: 200 },
]

test('pages that came from the wanted node, and those that did not', async () => {
  const root = await machine({ nodes: evenNodes(2, 2), files: { 'proc/vmstat': vmstat(90, 10) } })
  const watcher = await watch(root)
  expect(await watcher.read([])).toEqual({ 'numa.hitPages': 90, 'numa.missedPages': 10 })
  await writeFile(join(root, 'proc/vmstat'), vmstat(95, 12))
  expect(await watcher.read([])).toEqual({ 'numa.hitPages': 95, 'numa.missedPages': 12 })
  await rm(join(root, 'proc/vmstat'))
  expect(await watcher.read([])).toEqual({})
  await watcher.close()
})

test('a kernel that does not count pages has no such signals, and says why', async () => {
  const files = { 'proc/vmstat': vmstat(90, 10), 'proc/sys/vm/numa_stat': '0\n' }
  const { signals, missing } = await watch(await machine({ nodes: evenNodes(2, 2), files }))
  expect(signals).toEqual({ 'worker.remoteMemoryShare': 'gauge' })
  expect(missing).toEqual({
    'numa.hitPages': 'vm.numa_stat is 0, so the kernel counts no pages of nodes',
    'numa.missedPages': 'vm.numa_stat is 0, so the kernel counts no pages of nodes',
  })
})

test('a machine without any of it has no signals, and says why', async () => {
  const { signals, missing } = await watch('/nonexistent/root')
  expect(signals).toEqual({})
  expect(missing).toEqual({
    'numa.hitPages': '/proc/vmstat counts no pages of nodes',
    'numa.missedPages': '/proc/vmstat counts no pages of nodes',
    'worker.remoteMemoryShare': 'the kernel shows no NUMA nodes',
  })
})

test('the share of memory on other nodes is that of the worker with the most', async () => {
  const files = { ...running(100, 0, { 0: 90, 1: 10 }), ...running(200, 3, { 0: 40, 1: 60 }) }
  const watcher = await watch(await machine({ nodes: evenNodes(2, 2), files }))
  // one worker per sample
  expect((await watcher.read(workers))['worker.remoteMemoryShare']).toBeCloseTo(0.1)
  expect((await watcher.read(workers))['worker.remoteMemoryShare']).toBeCloseTo(0.4)
})

test('a worker is looked at again after ten seconds, and until then the share stays', async () => {
  let nowMs = 0
  const root = await machine({ nodes: evenNodes(2, 2), files: running(100, 0, { 0: 50, 1: 50 }) })
  const watcher = await watch(root, () => nowMs)
  const one = workers.slice(0, 1)
  const shareAt = async (atMs: number): Promise<number | undefined> => {
    nowMs = atMs
    return (await watcher.read(one))['worker.remoteMemoryShare']
  }
  expect(await shareAt(0)).toBe(0.5)
  await writeFile(join(root, 'proc/100/numa_maps'), '1000 default anon=1 N1=1 kernelpagesize_kB=4\n')
  expect(await shareAt(9_999)).toBe(0.5)
  expect(await shareAt(10_000)).toBe(1)
})

test('a worker that has ended no longer counts', async () => {
  const files = { ...running(100, 0, { 1: 1 }), ...running(200, 0, { 0: 1 }) }
  const watcher = await watch(await machine({ nodes: evenNodes(2, 2), files }))
  expect((await watcher.read(workers))['worker.remoteMemoryShare']).toBe(1)
  expect((await watcher.read(workers.slice(1)))['worker.remoteMemoryShare']).toBe(0)
})

test('with one node no memory is remote, and nothing has to be read', async () => {
  const watcher = await watch(await machine({ nodes: evenNodes(1, 2) }))
  expect(await watcher.read(workers)).toEqual({ 'worker.remoteMemoryShare': 0 })
  expect(await watcher.read([])).toEqual({})
})

test('with one node of which the CPUs can be read, and another, memory may be remote', async () => {
  const files = {
    ...running(100, 0, { 0: 25, 1: 75 }),
    'sys/devices/system/node/node1/cpulist': 'all of them\n',
  }
  const watcher = await watch(await machine({ nodes: evenNodes(2, 2), files }))
  expect(await watcher.read(workers.slice(0, 1))).toEqual({ 'worker.remoteMemoryShare': 0.75 })
})

test.each([
  { what: 'nothing', files: {} },
  { what: 'no CPU', files: { ...running(100, 0, { 0: 1 }), 'proc/100/stat': 'broken' } },
  { what: 'a CPU of no node', files: running(100, 77, { 0: 1 }) },
  { what: 'no node', files: { ...running(100, 0, {}) } },
  {
    what: 'more than can be read',
    files: { ...running(100, 0, { 0: 1 }), 'proc/100/numa_maps': '1000 default N0=1\n'.repeat(300_000) },
  },
])('a worker that tells $what has no share', async ({ files }) => {
  const watcher = await watch(await machine({ nodes: evenNodes(2, 2), files }))
  expect(await watcher.read(workers.slice(0, 1))).toEqual({})
})
