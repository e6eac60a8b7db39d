import { expect, onTestFinished, test } from 'vitest'
import { watch } from '../src/watch.ts'
import { contextOf } from './context.ts'

test('a machine without /proc has a clock and a canary, and says why there is nothing else', async () => {
  const watcher = await watch(contextOf({ root: '/nonexistent' }))
  onTestFinished(async () => watcher.close())
  expect(Object.keys(watcher.signals).toSorted()).toEqual([
    'clock.driftPpm',
    'clock.steppedMs',
    'cpu.canaryNs',
  ])
  expect(Object.keys(watcher.missing ?? {}).toSorted()).toEqual([
    'cpu.credits',
    'cpu.frequencyHz',
    'cpu.quotaPeriods',
    'cpu.stalledMs',
    'cpu.stealShare',
    'cpu.throttledMs',
    'cpu.throttledPeriods',
    'io.stalledMs',
    'worker.runDelayShare',
  ])
})

test('the canary can be switched off', async () => {
  const watcher = await watch(contextOf({ canary: false }))
  onTestFinished(async () => watcher.close())
  expect(watcher.signals).not.toHaveProperty(['cpu.canaryNs'])
  expect(watcher.missing).toMatchObject({ 'cpu.canaryNs': 'the option canary is off' })
})

test('credits of an instance that is not known to be burstable are not used, and it says so', async () => {
  const context = contextOf({ root: '/nonexistent', canary: false, credits: 100 })
  const watcher = await watch(context)
  onTestFinished(async () => watcher.close())
  expect(context.warnings).toEqual([
    'credits: 100 is not used, since this is not known to be a burstable instance',
  ])
})
