import { launchDraft } from '@cloudbench/fixtures/environment-context'
import { expect, test } from 'vitest'
import { launch } from '../src/launch.ts'
import { contextOf } from './context.ts'
import { evenNodes, machine } from './machine.ts'
import { onlyPrograms } from './programs.ts'

/** Stands for a program that puts another where it is told to, on a machine that has such a place. */
const places = (cpus: string, policy: string): string =>
  `echo 'Name: node'; echo 'Cpus_allowed_list:	${cpus}'; echo '55ff00000000 ${policy} anon=1 N0=1'`

/** What becomes of the command line of each worker, and the warnings. */
async function launched(
  options: Record<string, unknown>,
  total = 1,
): Promise<{ wraps: string[]; warnings: string[] }> {
  const context = contextOf(options)
  const wraps: string[] = []
  for (let index = 0; index < total; index++) {
    const made = launchDraft({ index, total })
    await launch(made, context)
    wraps.push(made.wrap.join(' '))
  }
  return { wraps, warnings: context.warnings }
}

test('CPUs and memory of a node, where numactl works', async () => {
  await onlyPrograms([], {
    numactl: `case $1 in *=0) ${places('0-1', 'bind:0')} ;; *) ${places('2-3', 'bind:1')} ;; esac`,
  })
  const root = await machine({ nodes: evenNodes(2, 2) })
  expect(await launched({ root }, 3)).toEqual({
    wraps: [
      'numactl --cpunodebind=0 --membind=0',
      'numactl --cpunodebind=1 --membind=1',
      'numactl --cpunodebind=0 --membind=0',
    ],
    warnings: [],
  })
})

test('without numactl only CPUs are pinned, and it says so once', async () => {
  await onlyPrograms([], {
    taskset: `case $2 in 0-1) ${places('0-1', 'default')} ;; *) ${places('2-3', 'default')} ;; esac`,
  })
  const root = await machine({ nodes: evenNodes(2, 2) })
  expect(await launched({ root, nodes: [1] }, 2)).toEqual({
    wraps: ['taskset -c 2-3', 'taskset -c 2-3'],
    warnings: ['the memory of workers on CPUs 2-3 is not bound: numactl is not installed (package numactl)'],
  })
})

test('a container that forbids memory policies leaves numactl without effect', async () => {
  await onlyPrograms([], {
    numactl: 'echo "set_mempolicy: Operation not permitted" >&2; exit 1',
    taskset: places('2-3', 'default'),
  })
  const root = await machine({ nodes: evenNodes(2, 2) })
  expect(await launched({ root, nodes: [1] })).toEqual({
    wraps: ['taskset -c 2-3'],
    warnings: ['the memory of workers on CPUs 2-3 is not bound: set_mempolicy: Operation not permitted'],
  })
})

test('a kernel that ignores a policy is found out before workers start', async () => {
  await onlyPrograms([], { numactl: places('2-3', 'default'), taskset: places('2-3', 'default') })
  const root = await machine({ nodes: evenNodes(2, 2) })
  const { wraps, warnings } = await launched({ root, nodes: [1] })
  expect(wraps).toEqual(['taskset -c 2-3'])
  expect(warnings).toEqual([
    'the memory of workers on CPUs 2-3 is not bound: its memory policy is default, not bind:1',
  ])
})

test('without either program workers run anywhere, and it says so', async () => {
  await onlyPrograms([])
  const root = await machine({ nodes: evenNodes(2, 2) })
  expect(await launched({ root, nodes: [1] })).toEqual({
    wraps: [''],
    warnings: ['workers are not pinned to CPUs 2-3: taskset is not installed (package util-linux)'],
  })
})

test('a program that hangs does not hang the launch', async () => {
  await onlyPrograms(['sleep'], { taskset: 'exec sleep 60' })
  const { wraps, warnings } = await launched({ root: await machine({ nodes: evenNodes(1, 2) }), cpus: '1' })
  expect(wraps).toEqual([''])
  expect(warnings).toEqual([expect.stringContaining('workers are not pinned to CPUs 1: taskset')])
})

test('a machine with one node starts no program', async () => {
  await onlyPrograms([])
  expect(await launched({ root: await machine({ nodes: evenNodes(1, 2) }) }, 2)).toEqual({
    wraps: ['', ''],
    warnings: [],
  })
})

test('more workers than cores are announced with both numbers', async () => {
  await onlyPrograms([], { taskset: places('1-3', 'default') })
  const root = await machine({ nodes: evenNodes(1, 4) })
  expect((await launched({ root, cpus: '1-3' }, 4)).warnings).toEqual(['4 workers share 3 cores: CPUs 1-3'])
  expect((await launched({ root, cpus: '1-3' }, 3)).warnings).toEqual([])
})

test('on one node too, where none is placed', async () => {
  await onlyPrograms([])
  const root = await machine({ nodes: evenNodes(1, 4), allowedCpus: '0-2' })
  expect((await launched({ root }, 4)).warnings).toEqual(['4 workers share 3 cores: CPUs 0-2'])
  expect((await launched({ root }, 3)).warnings).toEqual([])
  expect((await launched({ root: '/nonexistent/root' }, 99)).warnings).toEqual([])
})

test('two CPUs of one core count as one', async () => {
  await onlyPrograms([], { taskset: places('1,3', 'default') })
  const root = await machine({ nodes: evenNodes(1, 4), cores: ['0,2', '1,3'] })
  expect((await launched({ root, cpus: '1,3' }, 2)).warnings).toEqual(['2 workers share one core: CPUs 1,3'])
})

test('what was discovered counts, not where this process runs by now', async () => {
  await onlyPrograms([], { taskset: places('1', 'default') })
  const root = await machine({ nodes: evenNodes(1, 2), allowedCpus: '0' })
  const made = launchDraft()
  await launch(made, contextOf({ root, cpus: '1', serverCpus: '0' }, { numa: { 'numa.allowedCpus': '0-1' } }))
  expect(made.wrap).toEqual(['taskset', '-c', '1'])
})

test('wrappers that are there stay, outermost first', async () => {
  await onlyPrograms([], { taskset: places('1', 'default') })
  const made = { ...launchDraft(), wrap: ['nice', '-n', '1'] }
  await launch(made, contextOf({ root: await machine({ nodes: evenNodes(1, 2) }), cpus: '1' }))
  expect(made.wrap).toEqual(['nice', '-n', '1', 'taskset', '-c', '1'])
})
