import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { formatCpuList } from '@cloudbench/environment-kit'
import { expect, test } from 'vitest'
import { apply } from '../src/apply.ts'
import { readTopology } from '../src/topology.ts'
import { contextOf } from './context.ts'
import { isMissing, onlyPrograms } from './programs.ts'

const { allowedCpus: allowed = [] } = await readTopology('/')

test.skipIf(isMissing('taskset') || allowed.length < 2)(
  'this process and what it starts run on the CPUs for servers, and this process gets its own back',
  async () => {
    const child = fork(fileURLToPath(new URL('./servers.ts', import.meta.url)), [String(allowed[0])], {
      execArgv: ['--conditions=@cloudbench/source'],
    })
    const [seen] = (await once(child, 'message')) as [object]
    await once(child, 'exit')
    const one = String(allowed[0])
    const all = formatCpuList(allowed)
    expect(seen).toEqual({ before: all, older: one, during: one, younger: one, after: all })
  },
)

test.each([{}, { cpus: '0' }, { serverCpus: '0', placement: 'off' }])(
  '%o changes nothing',
  async (options) => {
    await onlyPrograms([], { taskset: 'exit 9' })
    const context = contextOf(options)
    expect(await apply(context)).toBeUndefined()
    expect(context.warnings).toEqual([])
  },
)

test('without taskset servers run anywhere, and it says so', async () => {
  await onlyPrograms([])
  const context = contextOf({ serverCpus: '0' })
  expect(await apply(context)).toBeUndefined()
  expect(context.warnings).toEqual([
    'servers are not kept on CPUs 0: taskset is not installed (package util-linux)',
  ])
})

test('where it is not permitted, servers run anywhere, and it says why', async () => {
  await onlyPrograms([], {
    taskset: 'echo "taskset: failed to set pid 1: Operation not permitted" >&2; exit 1',
  })
  const context = contextOf({ serverCpus: '0' })
  expect(await apply(context)).toBeUndefined()
  expect(context.warnings).toEqual([
    'servers are not kept on CPUs 0: taskset: failed to set pid 1: Operation not permitted',
  ])
})
