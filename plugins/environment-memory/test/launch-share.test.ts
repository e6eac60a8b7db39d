import { launchDraft } from '@cloudbench/fixtures/environment-context'
import { sharedMachine } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { launch } from '../src/launch.ts'
import { contextOf } from './context.ts'

const flagsFor = async (workers: number, options: Record<string, unknown>) => {
  const launched = launchDraft({ total: workers })
  await launch(launched, contextOf(options))
  return launched.execArgv
}

test('one worker gets 80 % of the container limit', async () => {
  expect(await flagsFor(1, { root: sharedMachine('cgroup-v2') })).toEqual(['--max-old-space-size=409'])
})

test('all workers share the one limit', async () => {
  expect(await flagsFor(4, { root: sharedMachine('cgroup-v2') })).toEqual(['--max-old-space-size=102'])
})

test('the share is an option', async () => {
  expect(await flagsFor(2, { root: sharedMachine('cgroup-v1'), heapShare: 0.5 })).toEqual([
    '--max-old-space-size=128',
  ])
})

test('without a limit V8 keeps its default', async () => {
  expect(await flagsFor(1, { root: sharedMachine('cgroup-v2-unlimited') })).toEqual([])
  expect(await flagsFor(1, { root: sharedMachine('cgroup-none') })).toEqual([])
})

test('maxOldSpaceMb and semiSpaceMb are taken as they are, for every worker', async () => {
  const options = { root: sharedMachine('cgroup-v2'), maxOldSpaceMb: 300, semiSpaceMb: 8 }
  expect(await flagsFor(4, options)).toEqual(['--max-old-space-size=300', '--max-semi-space-size=8'])
})

test('what was discovered counts, not a second look', async () => {
  const launched = launchDraft({ total: 2 })
  const context = contextOf(
    { root: sharedMachine('cgroup-v2') },
    { memory: { 'memory.limitBytes': 1000 * 1024 * 1024 } },
  )
  await launch(launched, context)
  expect(launched.execArgv).toEqual(['--max-old-space-size=400'])
})

test('a limit too small for so many workers is refused before any load', async () => {
  await expect(flagsFor(16, { root: sharedMachine('cgroup-v2-container') })).rejects.toThrow(
    'a container limit of 256 MiB leaves 12 MiB of heap for each of 16 workers',
  )
})
