import { formatCpuList } from '@cloudbench/environment-kit'
import { assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { options as schema } from '../src/options.ts'
import { placeWorkers, type Plan } from '../src/placement.ts'
import { readTopology, type Topology } from '../src/topology.ts'
import { evenNodes, machine } from './machine.ts'

const place = (topology: Topology, workers: number, options: Record<string, unknown> = {}): Plan =>
  placeWorkers(topology, schema.parse(options), workers)

const cpusOf = ({ placements }: Plan): string[] => placements.map(({ cpus }) => formatCpuList(cpus))

const topologyOf = async (...given: Parameters<typeof machine>): Promise<Topology> =>
  readTopology(await machine(...given))

test.each([2, 4, 8])('on %i nodes of one size workers go to each in turn', async (count) => {
  const plan = place(await topologyOf({ nodes: evenNodes(count, 4) }), count + 1)
  expect(cpusOf(plan)).toEqual([
    ...Array.from({ length: count }, (_, id) => `${4 * id}-${4 * id + 3}`),
    '0-3',
  ])
  expect(plan.placements[1]).toMatchObject({ wholeNode: 1, memory: { policy: 'bind', nodes: [1] } })
})

test('on one node nothing is pinned', async () => {
  expect(place(await topologyOf({ nodes: evenNodes(1, 4) }), 2).placements).toEqual([])
})

test('a process that may use CPUs of one node only is on a machine with one node', async () => {
  expect(place(await topologyOf({ nodes: evenNodes(2, 4), allowedCpus: '0-3' }), 2).placements).toEqual([])
})

test('always pins on one node too', async () => {
  const plan = place(await topologyOf({ nodes: evenNodes(1, 2) }), 1, { placement: 'always' })
  expect(plan.placements).toEqual([{ cpus: [0, 1], wholeNode: 0, memory: { policy: 'bind', nodes: [0] } }])
})

test('off pins nothing, whatever else is asked for', async () => {
  const options = { placement: 'off', cpus: '0', nodes: [1] }
  expect(place(await topologyOf({ nodes: evenNodes(2, 4) }), 2, options).placements).toEqual([])
})

test('a larger node gets more workers', async () => {
  const topology = await topologyOf({ nodes: { 0: { cpus: '0-5' }, 1: { cpus: '6-7' } } })
  const lists = cpusOf(place(topology, 8))
  expect(lists.filter((list) => list === '0-5')).toHaveLength(6)
  expect(lists.filter((list) => list === '6-7')).toHaveLength(2)
})

test('only the nodes that are named get workers', async () => {
  expect(cpusOf(place(await topologyOf({ nodes: evenNodes(4, 2) }), 3, { nodes: [1, 3] }))).toEqual([
    '2-3',
    '6-7',
    '2-3',
  ])
})

test('CPUs that are named are used, on one node too, and memory is left alone there', async () => {
  const plan = place(await topologyOf({ nodes: evenNodes(1, 4) }), 2, { cpus: '1-3' })
  expect(plan.placements).toEqual([{ cpus: [1, 2, 3] }, { cpus: [1, 2, 3] }])
})

test('CPUs on several nodes are used node by node', async () => {
  const plan = place(await topologyOf({ nodes: evenNodes(2, 4) }), 2, { cpus: '2-5' })
  expect(cpusOf(plan)).toEqual(['2-3', '4-5'])
  expect(plan.placements[0]).not.toHaveProperty('wholeNode')
})

test('CPUs for servers are kept free', async () => {
  expect(cpusOf(place(await topologyOf({ nodes: evenNodes(1, 4) }), 1, { serverCpus: '0,3' }))).toEqual([
    '1-2',
  ])
})

test('CPUs that this process may not use are not used', async () => {
  const plan = place(await topologyOf({ nodes: evenNodes(2, 4), allowedCpus: '1-2,6' }), 2)
  expect(cpusOf(plan)).toEqual(['1-2', '6'])
})

test('a node without CPUs gets no workers', async () => {
  const topology = await topologyOf({ nodes: { 0: { cpus: '0-1' }, 1: { cpus: '2-3' }, 2: { cpus: '' } } })
  expect(cpusOf(place(topology, 3))).toEqual(['0-1', '2-3', '0-1'])
})

test('workers on a node without memory are pinned, and their memory is not bound', async () => {
  const topology = await topologyOf({
    nodes: { 0: { cpus: '0-1' }, 1: { cpus: '2-3', memoryKb: 0 }, 2: { cpus: '4-5' } },
  })
  const { placements, notes } = place(topology, 2)
  expect(placements[1]).toEqual({ cpus: [2, 3], wholeNode: 1 })
  expect(notes).toEqual(['node 1 has no memory of its own, so the memory of its workers is not bound to it'])
})

test('memory that a cpuset forbids is not bound', async () => {
  const { placements, notes } = place(await topologyOf({ nodes: evenNodes(2, 2), allowedNodes: '0' }), 2)
  expect(placements.map(({ memory }) => memory?.nodes)).toEqual([[0], undefined])
  expect(notes).toEqual([
    'this process may not use the memory of node 1, so the memory of its workers is not bound to it',
  ])
})

test.each([
  {
    memory: 'prefer',
    expected: [
      { policy: 'prefer', nodes: [0] },
      { policy: 'prefer', nodes: [1] },
    ],
  },
  {
    memory: 'interleave',
    expected: [
      { policy: 'interleave', nodes: [0, 1] },
      { policy: 'interleave', nodes: [0, 1] },
    ],
  },
  { memory: 'none', expected: [undefined, undefined] },
])('memory: $memory', async ({ memory, expected }) => {
  const { placements } = place(await topologyOf({ nodes: evenNodes(2, 2) }), 2, { memory })
  expect(placements.map((placement) => placement.memory)).toEqual(expected)
})

test('without nodes, CPUs that are named are still used', async () => {
  expect(place({ nodes: [], nodeCount: 0, allowedCpus: [0, 1, 2] }, 1, { cpus: '1' }).placements).toEqual([
    { cpus: [1] },
  ])
})

test('where nothing can be read, nothing is placed, and who asked for it is told', () => {
  expect(place({ nodes: [], nodeCount: 0 }, 1)).toEqual({ placements: [], notes: [] })
  expect(place({ nodes: [], nodeCount: 0 }, 1, { cpus: '1' })).toEqual({
    placements: [],
    notes: ['workers are not placed: this machine does not tell its CPUs'],
  })
})

test('a node that does not tell its CPUs gets no workers, and it is said', async () => {
  const nodes = { 0: { cpus: '0-1' }, 1: { cpus: '2-x' }, 2: { cpus: '4-5' } }
  const plan = place(await topologyOf({ nodes }), 4)
  expect(cpusOf(plan)).toEqual(['0-1', '4-5', '0-1', '4-5'])
  const notes = ['1 of 3 nodes do not tell their CPUs, and get no workers']
  expect(plan.notes).toEqual(notes)
  const two = await topologyOf({ nodes: { 0: { cpus: '0-1' }, 1: { cpus: '' } }, onlineNodes: '0-2' })
  expect(place(two, 1)).toEqual({ placements: [], notes })
  expect(place(two, 1, { placement: 'off' }).notes).toEqual([])
})

test.each([
  { options: { nodes: [5] }, error: 'node 5 has no CPU for workers' },
  { options: { cpus: '2-9' }, error: 'CPU 4-9 is offline, or this process may not use it' },
  { options: { serverCpus: '7' }, error: 'CPU 7 is offline, or this process may not use it' },
  { options: { serverCpus: '0-3' }, error: 'serverCpus 0-3 leaves no CPU for workers' },
  { options: { cpus: '0-1', nodes: [1] }, error: 'node 1 has no CPU for workers' },
])('$options is refused', async ({ options, error }) => {
  const topology = await topologyOf({ nodes: evenNodes(2, 2), allowedCpus: '0-3' })
  expect(() => place(topology, 1, options)).toThrow(error)
})

test('no worker was better off on another node when it came, whatever the sizes of nodes', () => {
  const size = integer({ min: 1, max: 40 })
  assert(
    property(size, size, size, integer({ min: 1, max: 200 }), (a, b, c, workers) => {
      let next = 0
      const nodes = [a, b, c].map((count, id) => ({ id, cpus: Array.from({ length: count }, () => next++) }))
      const { placements } = place({ nodes, nodeCount: 3 }, workers)
      expect(placements).toHaveLength(workers)
      const counts = nodes.map(({ id }) => placements.filter(({ wholeNode }) => wholeNode === id).length)
      for (const [at, count] of counts.entries())
        for (const [other, { cpus }] of nodes.entries())
          if (count > 0)
            expect((count - 1) / nodes[at]!.cpus.length).toBeLessThanOrEqual(counts[other]! / cpus.length)
    }),
  )
})
