import { machineTree } from '@cloudbench/fixtures/machine-tree'
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
    'cpu.predictedCredits',
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

const t3 = { imds: { 'cloud.provider': 'aws', 'host.type': 't3.small' } }

test('an instance that the provider calls burstable: what is known about it is a warning', async () => {
  const context = contextOf({ root: '/nonexistent', canary: false }, t3)
  const watcher = await watch(context)
  onTestFinished(async () => watcher.close())
  expect(context.warnings).toHaveLength(1)
  expect(context.warnings[0]).toMatch(/^t3\.small is burstable: .* cannot be seen from inside/)
  expect(watcher.missing).toMatchObject({
    'cpu.credits': 'credits cannot be seen from inside',
    'cpu.predictedCredits': 'the option credits does not say how many there were',
  })
})

test('with a balance that was given, its use is predicted', async () => {
  const { root } = await machineTree({ 'proc/stat': 'cpu  0 0 0 0 0 0 0 0\n' })
  const context = contextOf({ root, canary: false, credits: 50 }, t3)
  const watcher = await watch(context)
  onTestFinished(async () => watcher.close())
  expect(watcher.signals).toMatchObject({ 'cpu.predictedCredits': 'gauge' })
  expect(await watcher.read([])).toMatchObject({ 'cpu.predictedCredits': 50 })
  expect(context.warnings[0]).toContain('with all CPUs busy, 50 credits last 31 min')
})

test('a provider that the catalogue does not know is no error', async () => {
  const facts = { other: { 'cloud.provider': 'constructor', 'host.type': 't3.small' } }
  const context = contextOf({ root: '/nonexistent', canary: false }, facts)
  const watcher = await watch(context)
  onTestFinished(async () => watcher.close())
  expect(context.warnings).toEqual([])
})
