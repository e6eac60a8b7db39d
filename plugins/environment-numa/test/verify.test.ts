import { launchDraft } from '@cloudbench/fixtures/environment-context'
import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { verify } from '../src/verify.ts'
import { evenNodes, machine, type SyntheticMachine } from './machine.ts'

const bound = '55ff63348000 bind:1 file=/usr/bin/node mapped=2 N1=2\n55ff6334a000 default\n'
const free = '55ff63348000 default file=/usr/bin/node mapped=2 N0=2\n'

const twoNodes = (numaMaps: string | undefined, rest: Partial<SyntheticMachine> = {}): SyntheticMachine => ({
  nodes: evenNodes(2, 2),
  allowedCpus: '2-3',
  ...rest,
  files: numaMaps === undefined ? {} : { 'proc/self/numa_maps': numaMaps },
})

const verified = async (wrap: string, given: SyntheticMachine): Promise<object> =>
  verify({ ...launchDraft(), wrap: wrap.split(' ') }, await machine(given))

test('a worker on its node, with its memory bound, tells where it is', async () => {
  expect(await verified('numactl --cpunodebind=1 --membind=1', twoNodes(bound))).toEqual({
    'numa.nodes': '1',
    'numa.cpus': '2-3',
    'numa.memoryPolicy': 'bind:1',
  })
})

test('fewer CPUs than asked for are on the node as well', async () => {
  const facts = await verified('numactl --cpunodebind=1 --membind=1', twoNodes(bound, { allowedCpus: '3' }))
  expect(facts).toMatchObject({ 'numa.cpus': '3' })
})

test.each([
  {
    what: 'memory that is not bound',
    wrap: 'numactl --cpunodebind=1 --membind=1',
    given: twoNodes(free),
    error: 'its memory policy is default, not bind:1',
  },
  {
    what: 'memory that is bound elsewhere',
    wrap: 'numactl --cpunodebind=1 --membind=0',
    given: twoNodes(bound),
    error: 'its memory policy is bind:1, not bind:0',
  },
  {
    what: 'CPUs of another node',
    wrap: 'numactl --cpunodebind=0',
    given: twoNodes(free),
    error: 'it may run on CPUs 2-3, not only on 0-1',
  },
  {
    what: 'CPUs that are not pinned',
    wrap: 'taskset -c 3',
    given: twoNodes(free),
    error: 'it may run on CPUs 2-3, not only on 3',
  },
  {
    what: 'CPUs that cannot be read',
    wrap: 'taskset -c 3',
    given: { nodes: evenNodes(2, 2) },
    error: 'its CPUs cannot be read: /proc/self/status has no Cpus_allowed_list',
  },
  {
    what: 'a policy that cannot be read',
    wrap: 'numactl --cpunodebind=1 --membind=1',
    given: twoNodes(undefined),
    error: 'its memory policy cannot be read: /proc/self/numa_maps shows none',
  },
])('$what ends the run', async ({ wrap, given, error }) => {
  await expect(verified(wrap, given)).rejects.toThrow(`this worker is not where it was placed: ${error}`)
})

test('a worker that was not placed tells where it may run', async () => {
  expect(await verify(launchDraft(), await machine(twoNodes(free, { allowedCpus: '0-3' })))).toEqual({
    'numa.nodes': '0-1',
    'numa.cpus': '0-3',
    'numa.memoryPolicy': 'default',
  })
})

test('a machine that tells nothing is no error for a worker that was not placed', async () => {
  expect(await verify(launchDraft(), '/nonexistent/root')).toEqual({})
  const { root } = await machineTree({ 'proc/self/numa_maps/file': 'a folder' })
  expect(await verify(launchDraft(), root)).toEqual({})
})
