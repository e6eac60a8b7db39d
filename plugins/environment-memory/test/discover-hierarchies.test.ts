import { sharedMachine } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { discover } from '../src/discover.ts'

const mib = 1024 * 1024

test.each([
  {
    machine: 'cgroup-v1',
    hierarchy: 'v1',
    limitMb: 512,
    usageMb: 100,
    file: '/sys/fs/cgroup/memory/batch/job-7/memory.limit_in_bytes',
  },
  {
    machine: 'cgroup-v1-nested',
    hierarchy: 'v1',
    limitMb: 600,
    usageMb: 500,
    file: '/sys/fs/cgroup/memory/batch/memory.limit_in_bytes',
  },
  { machine: 'cgroup-v1-unlimited', hierarchy: 'v1', usageMb: 200 },
  {
    machine: 'cgroup-v1-container',
    hierarchy: 'v1',
    limitMb: 1024,
    usageMb: 70,
    file: '/sys/fs/cgroup/memory/memory.limit_in_bytes',
  },
  {
    machine: 'cgroup-v1-hidden-parent',
    hierarchy: 'v1',
    limitMb: 768,
    usageMb: 70,
    file: '/sys/fs/cgroup/memory/memory.stat',
  },
  {
    machine: 'cgroup-v2',
    hierarchy: 'v2',
    limitMb: 512,
    usageMb: 90,
    file: '/sys/fs/cgroup/system.slice/bench.service/memory.max',
  },
  {
    machine: 'cgroup-v2-high',
    hierarchy: 'v2',
    limitMb: 768,
    usageMb: 12,
    file: '/sys/fs/cgroup/bench/memory.high',
  },
  {
    machine: 'cgroup-v2-nested',
    hierarchy: 'v2',
    limitMb: 384,
    usageMb: 288,
    file: '/sys/fs/cgroup/kubepods.slice/pod-1/memory.max',
  },
  {
    machine: 'cgroup-v2-container',
    hierarchy: 'v2',
    limitMb: 256,
    usageMb: 40,
    file: '/sys/fs/cgroup/memory.max',
  },
  {
    machine: 'cgroup-v2-outside',
    hierarchy: 'v2',
    limitMb: 320,
    usageMb: 40,
    file: '/sys/fs/cgroup/memory.max',
  },
  { machine: 'cgroup-v2-unlimited', hierarchy: 'v2', usageMb: 50 },
  {
    machine: 'cgroup-v2-no-mountinfo',
    hierarchy: 'v2',
    limitMb: 576,
    usageMb: 60,
    file: '/sys/fs/cgroup/bench/memory.max',
  },
  {
    machine: 'cgroup-v2-odd-mount',
    hierarchy: 'v2',
    limitMb: 480,
    usageMb: 60,
    file: '/mnt/my groups/bench/memory.max',
  },
  {
    machine: 'cgroup-hybrid',
    hierarchy: 'hybrid',
    limitMb: 640,
    usageMb: 60,
    file: '/sys/fs/cgroup/memory/bench/memory.limit_in_bytes',
  },
  {
    machine: 'cgroup-hybrid-v2-memory',
    hierarchy: 'hybrid',
    limitMb: 448,
    usageMb: 60,
    file: '/sys/fs/cgroup/unified/bench/memory.max',
  },
  { machine: 'cgroup-none', hierarchy: 'none' },
])('$machine: $hierarchy, limit $limitMb MiB', async ({ machine, hierarchy, limitMb, usageMb, file }) => {
  const facts = await discover(sharedMachine(machine))
  expect(facts).toEqual({
    'memory.bytes': 8192 * mib,
    'cgroup.hierarchy': hierarchy,
    ...(limitMb !== undefined && { 'memory.limitBytes': limitMb * mib, 'memory.limitFile': file }),
    ...(usageMb !== undefined && { 'memory.usedBytes': usageMb * mib }),
    'process.runtime.version': process.versions.node,
    'heap.limitBytes': expect.any(Number) as number,
  })
})
