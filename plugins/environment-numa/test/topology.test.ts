import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { discover } from '../src/discover.ts'
import { readTopology } from '../src/topology.ts'
import { evenNodes, machine } from './machine.ts'

test.each([1, 2, 4, 8])('a machine with %i nodes', async (count) => {
  const root = await machine({ nodes: evenNodes(count, 4), allowedCpus: `0-${4 * count - 1}` })
  const facts = await discover(root)
  expect(facts['numa.nodeCount']).toBe(count)
  expect(facts[`numa.node${count - 1}.cpus`]).toBe(`${4 * count - 4}-${4 * count - 1}`)
  expect(facts['numa.node0.memoryBytes']).toBe(16 * 2 ** 30)
  expect(facts['numa.node0.distances']).toBe(['10', ...Array<string>(count - 1).fill('21')].join(' '))
  expect(facts['numa.allowedCpus']).toBe(`0-${4 * count - 1}`)
})

test('CPUs of a node that are no range', async () => {
  const root = await machine({ nodes: { 0: { cpus: '0-3,8-11' }, 1: { cpus: '4-7,12-15' } } })
  expect((await discover(root))['numa.node1.cpus']).toBe('4-7,12-15')
})

test('numbers of nodes that are no range', async () => {
  const root = await machine({ nodes: { 0: { cpus: '0-1' }, 8: { cpus: '2-3' } }, onlineNodes: '0,8' })
  expect((await readTopology(root)).nodes.map(({ id }) => id)).toEqual([0, 8])
})

test('CPUs that are offline are left out', async () => {
  const root = await machine({ nodes: evenNodes(2, 4), onlineCpus: '0-2,4,6' })
  const facts = await discover(root)
  expect(facts['numa.node0.cpus']).toBe('0-2')
  expect(facts['numa.node1.cpus']).toBe('4,6')
})

test('a node without memory has 0 bytes, and one without CPUs an empty list', async () => {
  const root = await machine({ nodes: { 0: { cpus: '0-1', memoryKb: 0 }, 1: { cpus: '' } } })
  const facts = await discover(root)
  expect(facts['numa.node0.memoryBytes']).toBe(0)
  expect(facts['numa.node1.cpus']).toBe('')
})

test('memory that cannot be read is absent', async () => {
  const root = await machine({ nodes: { 0: { cpus: '0-1', memoryKb: null } } })
  expect(await discover(root)).not.toHaveProperty(['numa.node0.memoryBytes'])
})

test('without a list of nodes their folders count', async () => {
  const root = await machine({ nodes: evenNodes(2, 2), onlineNodes: 'both' })
  expect((await discover(root))['numa.nodeCount']).toBe(2)
})

test('what the process may use is read from its status', async () => {
  const root = await machine({ nodes: evenNodes(2, 4), allowedCpus: '1-2', allowedNodes: '0' })
  expect(await discover(root)).toMatchObject({ 'numa.allowedCpus': '1-2', 'numa.allowedNodes': '0' })
})

test('a machine that shows nothing has no facts', async () => {
  expect(await discover('/nonexistent/root')).toEqual({})
})

test('broken and binary files, and folders in place of files, are left out', async () => {
  const { root } = await machineTree({
    'sys/devices/system/node/online': Uint8Array.of(255, 254, 0, 10),
    'sys/devices/system/node/node0/cpulist': '0-99999999\n',
    'sys/devices/system/node/node1/cpulist': '2-3\n',
    'sys/devices/system/node/node1/meminfo': 'Node 1 MemTotal: lots kB\n',
    'sys/devices/system/node/node1/distance': '21 ten\n',
    'sys/devices/system/node/node2/cpulist/file': '',
    'sys/devices/system/cpu/online': 'all\n',
    'proc/self/status': 'Cpus_allowed_list:\tff\n',
  })
  // that there are three can be read
  expect(await discover(root)).toEqual({ 'numa.nodeCount': 3, 'numa.node1.cpus': '2-3' })
})
