import { launchDraft } from '@cloudbench/fixtures/environment-context'
import { sharedMachine } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { launch } from '../src/launch.ts'
import { contextOf } from './context.ts'

const root = sharedMachine('cgroup-v2')

test('flags, wrappers and variables that are there stay, in their order', async () => {
  const launched = {
    ...launchDraft({ execArgv: ['--expose-gc', '--stack-size=900'] }),
    wrap: ['nice', '-n', '1'],
    env: { A: 'b' },
  }
  await launch(launched, contextOf({ root, semiSpaceMb: 4 }))
  expect(launched).toEqual({
    worker: { index: 0, total: 1 },
    wrap: ['nice', '-n', '1'],
    execArgv: ['--expose-gc', '--stack-size=900', '--max-old-space-size=409', '--max-semi-space-size=4'],
    env: { A: 'b' },
  })
})

test.each([
  '--max-old-space-size=64',
  '--max_old_space_size=64',
  '--max-heap-size=64',
  '--max-old-space-size-percentage=10',
])('%s is the user’s decision', async (flag) => {
  const launched = launchDraft({ execArgv: [flag] })
  await launch(launched, contextOf({ root }))
  expect(launched.execArgv).toEqual([flag])
})

test('a flag in NODE_OPTIONS is kept too', async () => {
  const launched = { ...launchDraft(), env: { NODE_OPTIONS: '--no-warnings --max-old-space-size=64' } }
  await launch(launched, contextOf({ root }))
  expect(launched.execArgv).toEqual([])
})

test('an option that loses to a flag is reported', async () => {
  const launched = launchDraft({ execArgv: ['--max-old-space-size=64', '--max-semi-space-size=2'] })
  const context = contextOf({ root, maxOldSpaceMb: 300, semiSpaceMb: 8 })
  await launch(launched, context)
  expect(launched.execArgv).toEqual(['--max-old-space-size=64', '--max-semi-space-size=2'])
  expect(context.warnings).toEqual([
    '--max-old-space-size=64 is already set, so maxOldSpaceMb: 300 is not used',
    '--max-semi-space-size=2 is already set, so semiSpaceMb: 8 is not used',
  ])
})
