import { testEnvironment } from '@cloudbench/testkit'
import { describe, test } from 'vitest'
import { readTopology } from '../src/topology.ts'
import { cannotBind, isMissing } from './programs.ts'

const environment = new URL('../src/index.ts', import.meta.url)
const { allowedCpus: allowed = [] } = await readTopology('/')
const refused = [{ cpus: '' }, { cpus: '3-1' }, { serverCpus: 'all' }, { nodes: [-1] }, { placement: 'on' }]

describe('with its defaults', () => {
  testEnvironment({ test, environment, refused, absent: { root: '/nonexistent' } })
})

// not with serverCpus: those are for the process that starts workers, and the kit applies and verifies in one process
describe.skipIf(isMissing('taskset') || allowed.length < 2)('with CPUs of its own', () => {
  testEnvironment({ test, environment, options: { cpus: allowed.slice(1).join(',') } })
})

describe.skipIf(cannotBind())('with memory bound to a node', () => {
  testEnvironment({ test, environment, options: { placement: 'always' } })
})
