import { testEnvironment } from '@cloudbench/testkit'
import { describe, test } from 'vitest'
import { readTopology } from '../src/topology.ts'
import { isMissing } from './programs.ts'

const environment = new URL('../src/index.ts', import.meta.url)
const { allowedCpus: allowed = [] } = await readTopology('/')
const refused = [{ cpus: '' }, { cpus: '3-1' }, { serverCpus: 'all' }, { nodes: [-1] }, { placement: 'on' }]

describe('with its defaults', () => {
  testEnvironment({ test, environment, refused, absent: { root: '/nonexistent' } })
})

describe.skipIf(isMissing('taskset') || allowed.length < 2)(
  'with CPUs of its own, and others for servers',
  () => {
    const [serverCpu, ...cpus] = allowed
    testEnvironment({ test, environment, options: { cpus: cpus.join(','), serverCpus: String(serverCpu) } })
  },
)

describe.skipIf(isMissing('numactl') || allowed.length === 0)('with memory bound to a node', () => {
  testEnvironment({ test, environment, options: { placement: 'always' } })
})
