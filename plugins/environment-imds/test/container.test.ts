import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { awsService } from '@cloudbench/fixtures/metadata-services'
import { expect, test } from 'vitest'
import { discovered, serve } from './fixture.ts'

const gibibyte = 1024 ** 3

/** A machine whose container has these limits. */
async function container(files: Record<string, string>): Promise<string> {
  const { root } = await machineTree({
    'proc/self/mountinfo': '29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
    'proc/self/cgroup': '0::/\n',
    ...files,
  })
  return root
}

test.each([
  {
    what: 'less than the instance has',
    files: { 'sys/fs/cgroup/memory.max': `${2 * gibibyte}\n`, 'sys/fs/cgroup/cpu.max': '150000 100000\n' },
    limits: { 'memory.limitBytes': 2 * gibibyte, 'cpu.quotaCount': 1.5 },
  },
  {
    what: 'more than the instance has',
    files: { 'sys/fs/cgroup/memory.max': `${64 * gibibyte}\n`, 'sys/fs/cgroup/cpu.max': '6400000 100000\n' },
    limits: {},
  },
  {
    what: 'no limit',
    files: { 'sys/fs/cgroup/memory.max': 'max\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' },
    limits: {},
  },
  {
    what: 'limits that are none',
    files: { 'sys/fs/cgroup/memory.max': 'much\n', 'sys/fs/cgroup/cpu.max': '-1 x\n' },
    limits: {},
  },
])('a container that may use $what', async ({ files, limits }) => {
  const { url } = await serve(awsService())
  const { facts } = await discovered({ endpoint: { aws: url }, root: await container(files) })
  const { 'memory.limitBytes': memory, 'cpu.quotaCount': cpu } = facts
  expect(facts['host.vCpuCount']).toBe(16)
  expect({
    ...(memory !== undefined && { 'memory.limitBytes': memory }),
    ...(cpu !== undefined && { 'cpu.quotaCount': cpu }),
  }).toEqual(limits)
})
