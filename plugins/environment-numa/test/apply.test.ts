import { expect, test } from 'vitest'
import { apply } from '../src/apply.ts'
import { contextOf } from './context.ts'
import { onlyPrograms } from './programs.ts'

// that it takes effect and is undone is shown in a process of its own: conformance.test.ts

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
