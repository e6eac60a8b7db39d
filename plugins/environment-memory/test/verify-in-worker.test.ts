import type { Facts } from '@cloudbench/core'
import { launchDraft } from '@cloudbench/fixtures/environment-context'
import { sharedMachine } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { launch } from '../src/launch.ts'
import { contextOf } from './context.ts'
import { verifyInChild } from './verify-in-child.ts'

const mib = 1024 * 1024
const root = sharedMachine('cgroup-v2')

async function launched(options: Record<string, unknown>, total = 1) {
  const made = launchDraft({ total })
  await launch(made, contextOf({ root, ...options }))
  return made
}

const factsOf = (answer: { facts?: Facts; error?: string }) => {
  expect(answer.error).toBeUndefined()
  return answer.facts ?? {}
}

test('a worker that was started with the flags proves the limit', async () => {
  const made = await launched({})
  const facts = factsOf(await verifyInChild(made, { root }, made.execArgv))
  expect(facts['heap.oldSpaceLimitBytes']).toBe(409 * mib)
  expect(facts['heap.limitBytes']).toBeGreaterThanOrEqual(409 * mib)
  expect(facts['heap.newSpaceBytes']).toBeGreaterThan(0)
})

test('the semi-space is proven too, rounded up by V8 to a power of two', async () => {
  const options = { maxOldSpaceMb: 300, semiSpaceMb: 5 }
  const made = await launched(options)
  const facts = factsOf(await verifyInChild(made, { root, ...options }, made.execArgv))
  expect(facts['heap.limitBytes']).toBe((300 + 3 * 8) * mib)
  expect(facts['heap.semiSpaceLimitBytes']).toBe(8 * mib)
})

test('without the flags it throws, and says what the limit is instead', async () => {
  const made = await launched({ maxOldSpaceMb: 300 })
  const { error } = await verifyInChild(made, { root, maxOldSpaceMb: 300 }, [])
  expect(error).toMatch(/heap limit of this worker is \d+ MiB: --max-old-space-size=300 did not take effect/)
})

test('a later flag that overrides ours is detected', async () => {
  const made = await launched({ maxOldSpaceMb: 300 })
  const { error } = await verifyInChild(made, { root, maxOldSpaceMb: 300 }, [
    ...made.execArgv,
    '--max-old-space-size=900',
  ])
  expect(error).toContain('--max-old-space-size=300 did not take effect')
})

test('a semi-space that did not arrive is detected, with and without a limit on the old space', async () => {
  const both = await launched({ maxOldSpaceMb: 300, semiSpaceMb: 2 })
  expect((await verifyInChild(both, { root, semiSpaceMb: 2 }, ['--max-old-space-size=300'])).error).toContain(
    '--max-semi-space-size=2 did not take effect',
  )
  const alone = launchDraft({ execArgv: ['--max-semi-space-size=2'] })
  expect((await verifyInChild(alone, { root, semiSpaceMb: 2 }, [])).error).toContain(
    '--max-semi-space-size=2 did not reach this worker',
  )
})

test('a default that lies within the tolerance by chance is no proof', async () => {
  const { facts } = await verifyInChild(launchDraft(), { root }, [])
  const limitMb = Math.floor(Number(facts?.['heap.limitBytes']) / mib)
  const { error } = await verifyInChild(
    launchDraft({ execArgv: [`--max-old-space-size=${limitMb - 10}`] }),
    { root },
    [],
  )
  expect(error).toContain('did not reach this worker: node runs with')
})

test('a flag that was lost before the worker was spawned is detected by the option', async () => {
  const { error } = await verifyInChild(launchDraft(), { root, maxOldSpaceMb: 300 }, [])
  expect(error).toContain('--max-old-space-size=300 did not reach this worker')
})

test('a worker that was sized by a static limit says so', async () => {
  const made = { ...launchDraft(), env: { CLOUDBENCH_STATIC_MEMORY_LIMIT: String(460 * mib) } }
  const facts = factsOf(await verifyInChild(made, { root: sharedMachine('cgroup-none') }, []))
  expect(facts['memory.staticLimitBytes']).toBe(460 * mib)
})

test('without a limit there is nothing to prove', async () => {
  const facts = factsOf(await verifyInChild(launchDraft(), { root: sharedMachine('cgroup-none') }, []))
  expect(facts).not.toHaveProperty(['heap.oldSpaceLimitBytes'])
  expect(facts['heap.limitBytes']).toBeGreaterThan(0)
})

test('heaps that together may outgrow the container are reported', async () => {
  const made = await launched({}, 4)
  const facts = { memory: { 'memory.limitBytes': 512 * mib } }
  const { warnings } = await verifyInChild(made, { root }, made.execArgv, facts)
  expect(warnings).toHaveLength(1)
  expect(warnings?.[0]).toMatch(
    /heaps of 4 worker\(s\) may grow to \d+ MiB.*container of 512 MiB: set semiSpaceMb/,
  )
})
