import { launchDraft } from '@cloudbench/fixtures/environment-context'
import type { MachineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { discover } from '../src/discover.ts'
import { whatMoved } from '../src/guard.ts'
import { launch } from '../src/launch.ts'
import { watch } from '../src/watch.ts'
import { contextOf } from './context.ts'
import { machineLike, meminfo, mib } from './machine.ts'

const limitFile = 'sys/fs/cgroup/system.slice/bench.service/memory.max'
const vmstat = (inflatedPages: number): string => `balloon_inflate ${inflatedPages}\n`

/** A run on a machine with a limit of 512 MiB, after it was discovered. */
async function runOn(machine: MachineTree, options: Record<string, unknown> = {}, inflatedPages = 0) {
  await machine.write('proc/vmstat', vmstat(inflatedPages))
  const { root } = machine
  const context = contextOf({ root, ...options }, { memory: await discover(root) })
  const start = async (workers = 1) => {
    const launched = launchDraft({ total: workers })
    await launch(launched, context)
    return launched
  }
  return { ...machine, context, start, watcher: await watch(context) }
}

test('a limit that moves by more than 5 % during a run: workers that start later get 0.9 of what was specified', async () => {
  const { context, write, watcher, start } = await runOn(await machineLike('cgroup-v2'))
  expect((await start()).execArgv).toEqual(['--max-old-space-size=409'])
  await write(limitFile, `${600 * mib}\n`)
  await watcher.read([])
  expect(context.warnings).toEqual([
    'balloon detected: the memory limit moved from 512 MiB to 600 MiB; workers that start from now on share 461 MiB, which is 0.9 × the 512 MiB that were specified',
  ])
  // 0.8 × 0.9 × 512 MiB
  expect((await start()).execArgv).toEqual(['--max-old-space-size=368'])
})

test('it is said once, and stays so after the limit is back', async () => {
  const { context, write, watcher, start } = await runOn(await machineLike('cgroup-v2'))
  for (const megabytes of [600, 400, 512]) {
    await write(limitFile, `${megabytes * mib}\n`)
    await watcher.read([])
  }
  expect(context.warnings).toHaveLength(1)
  expect((await start()).execArgv).toEqual(['--max-old-space-size=368'])
})

test('a limit that moves between discovery and launch is noticed without a watcher', async () => {
  const machine = await machineLike('cgroup-v2')
  const context = contextOf({ root: machine.root }, { memory: await discover(machine.root) })
  await machine.write(limitFile, `${600 * mib}\n`)
  const launched = launchDraft()
  await launch(launched, context)
  expect(launched.execArgv).toEqual(['--max-old-space-size=368'])
  expect(context.warnings[0]).toMatch(/^balloon detected: /)
  expect(launched.env).toEqual({ CLOUDBENCH_STATIC_MEMORY_LIMIT: String(Math.floor(512 * mib * 0.9)) })
})

test('a balloon that takes memory is noticed, whatever the limit does', async () => {
  const { context, write, watcher, start } = await runOn(await machineLike('cgroup-v2'))
  await write('proc/vmstat', vmstat(1024))
  await watcher.read([])
  expect(context.warnings[0]).toMatch(/^balloon detected: a balloon took 4 MiB; /)
  expect((await start(2)).execArgv).toEqual(['--max-old-space-size=184'])
})

test('a count that was reset and rises again is a balloon', async () => {
  const machine = await machineLike('cgroup-v2')
  const { context, write, watcher } = await runOn(machine, {}, 5000)
  await write('proc/vmstat', vmstat(0))
  await watcher.read([])
  expect(context.warnings).toEqual([])
  await write('proc/vmstat', vmstat(1024))
  await watcher.read([])
  expect(context.warnings[0]).toMatch(/^balloon detected: a balloon took 4 MiB; /)
})

test.each(['sys', 'proc/meminfo'])('a limit that cannot be read any more has not moved: %s', async (gone) => {
  const { context, remove, watcher, start } = await runOn(await machineLike('cgroup-v2'))
  await remove(gone)
  await watcher.read([])
  expect(await start()).toMatchObject({ execArgv: ['--max-old-space-size=409'], env: {} })
  expect(context.warnings).toEqual([])
})

test('just 5 % is no move, and a byte more is one', () => {
  const machineBytes = 1000 * mib
  for (const direction of [-1, 1]) {
    const at = machineBytes + direction * 50 * mib
    expect(whatMoved({ machineBytes }, { machineBytes: at })).toBeUndefined()
    expect(whatMoved({ machineBytes }, { machineBytes: at + direction })).toMatch(/^the memory limit moved/)
  }
})

test('up to 5 % is no move', async () => {
  const { context, write, watcher, start } = await runOn(await machineLike('cgroup-v2'))
  await write(limitFile, `${490 * mib}\n`)
  await watcher.read([])
  expect(context.warnings).toEqual([])
  expect(await start()).toMatchObject({ execArgv: ['--max-old-space-size=409'], env: {} })
})

test('a limit that is lower than the static one still holds', async () => {
  const { write, watcher, start } = await runOn(await machineLike('cgroup-v2'))
  await write(limitFile, `${200 * mib}\n`)
  await watcher.read([])
  expect((await start()).execArgv).toEqual(['--max-old-space-size=160'])
})

test('without a limit, what the provider publishes is the specification', async () => {
  const machine = await machineLike('cgroup-none')
  const { root } = machine
  const memory = { ...(await discover(root)), 'heap.limitBytes': 4096 * mib }
  const context = contextOf({ root }, { memory, imds: { 'host.memoryBytes': 4000 * mib } })
  await machine.write('proc/meminfo', meminfo(7000))
  const launched = launchDraft({ total: 4 })
  await launch(launched, context)
  expect(launched.execArgv).toEqual(['--max-old-space-size=720'])
  expect(context.warnings[0]).toContain('0.9 × the 4000 MiB that were specified')
  // never more than V8 would take by itself
  const alone = launchDraft()
  await launch(alone, contextOf({ root }, { memory: { ...memory, 'heap.limitBytes': 2048 * mib } }))
  expect(alone.execArgv).toEqual(['--max-old-space-size=2048'])
})

test('it can be switched off', async () => {
  const { context, write, watcher, start } = await runOn(await machineLike('cgroup-v2'), {
    balloonGuard: false,
  })
  await write(limitFile, `${600 * mib}\n`)
  await write('proc/vmstat', vmstat(1024))
  await watcher.read([])
  expect((await start()).execArgv).toEqual(['--max-old-space-size=409'])
  expect(context.warnings).toEqual([])
})

test('runs do not share what they saw', async () => {
  const first = await runOn(await machineLike('cgroup-v2'))
  await first.write(limitFile, `${600 * mib}\n`)
  await first.watcher.read([])
  const second = await runOn(first)
  expect((await second.start()).execArgv).toEqual(['--max-old-space-size=480'])
})

test('a count that is not there, or that appears later, is no balloon', () => {
  const machineBytes = 1000 * mib
  expect(whatMoved({ machineBytes }, { machineBytes, balloonInflatedBytes: 5 })).toBeUndefined()
  expect(whatMoved({ machineBytes, balloonInflatedBytes: 5 }, { machineBytes })).toBeUndefined()
  expect(
    whatMoved({ machineBytes, balloonInflatedBytes: 5 }, { machineBytes, balloonInflatedBytes: 5 }),
  ).toBeUndefined()
})
