import { expect, test } from 'vitest'
import { advise } from '../src/advise.ts'
import { contextOf } from './context.ts'
import { evenNodes, machine } from './machine.ts'
import { onlyPrograms } from './programs.ts'

test('on several nodes without numactl it says what to install, for each node', async () => {
  await onlyPrograms([], { taskset: `echo 'Name: node'; echo "Cpus_allowed_list:	$2"` })
  const root = await machine({ nodes: evenNodes(2, 2) })
  expect(await advise(contextOf({ root }))).toMatchObject([
    {
      what: 'the memory of workers on CPUs 0-1 is not bound: numactl is not installed (package numactl)',
      how: expect.stringContaining('install numactl') as string,
    },
    { what: 'the memory of workers on CPUs 2-3 is not bound: numactl is not installed (package numactl)' },
  ])
})

test('a node without memory is a note', async () => {
  const place = `echo 'Name: node'; echo "Cpus_allowed_list:	$2"`
  await onlyPrograms([], { taskset: place })
  const nodes = { 0: { cpus: '0-1', memoryKb: 0 }, 1: { cpus: '2-3' }, 2: { cpus: '' } }
  const advice = await advise(contextOf({ root: await machine({ nodes }), nodes: [0] }))
  expect(advice).toMatchObject([
    {
      what: 'node 0 has no memory of its own, so the memory of its workers is not bound to it',
      state: 'note',
    },
  ])
})

test('on one node, and where nothing is placed, there is nothing to say', async () => {
  await onlyPrograms([])
  expect(await advise(contextOf({ root: await machine({ nodes: evenNodes(1, 2) }) }))).toEqual([])
  const root = await machine({ nodes: evenNodes(2, 2) })
  expect(await advise(contextOf({ root, placement: 'off' }))).toEqual([])
  expect(await advise(contextOf({ root: '/nonexistent/root' }))).toEqual([])
})
