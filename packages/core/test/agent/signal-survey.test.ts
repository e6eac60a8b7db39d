import { expect, test } from 'vitest'
import { surveySignals } from '../../src/agent/signal-survey.ts'
import type { Watcher } from '../../src/plugin/environment.ts'
import { signalVocabulary } from '../../src/plugin/signals.ts'

const watcher = (more: Partial<Watcher>): Watcher => ({ signals: {}, read: () => ({}), close() {}, ...more })

const surveyed = async (name: string, watchers: Readonly<Record<string, Watcher>>) =>
  (await surveySignals(new Map(Object.entries(watchers)))).find((signal) => signal.name === name)

test('every signal of the vocabulary is there, and without watchers none can be sampled', async () => {
  const all = await surveySignals(new Map())
  expect(all.map(({ name }) => name)).toEqual(Object.keys(signalVocabulary))
  for (const { environment, missing } of all)
    expect([environment, missing]).toEqual([undefined, 'no environment samples it here'])
})

test('the first one that declares a signal samples it, as in a run', async () => {
  const declares = watcher({ signals: { 'cpu.credits': 'gauge' }, read: () => ({ 'cpu.credits': 1 }) })
  expect(await surveyed('cpu.credits', { one: declares, other: declares })).toEqual({
    name: 'cpu.credits',
    kind: 'gauge',
    environment: 'one',
    hasValue: true,
  })
})

test('a share that takes two samples has a value; one that throws has none, and hides no other', async () => {
  let reads = 0
  const late = watcher({
    signals: { 'cpu.stealShare': 'share' },
    read: () => (reads++ === 0 ? {} : { 'cpu.stealShare': 0 }),
  })
  const broken = watcher({
    signals: { 'cpu.credits': 'gauge' },
    read() {
      throw new Error('gone')
    },
  })
  expect(await surveyed('cpu.stealShare', { broken, late })).toMatchObject({
    environment: 'late',
    hasValue: true,
  })
  expect(await surveyed('cpu.credits', { broken, late })).toMatchObject({
    environment: 'broken',
    hasValue: false,
  })
})

test('why a signal is missing is what the environment says that knows of it', async () => {
  const silent = watcher({})
  const knows = watcher({ missing: { 'cpu.credits': 'the guest cannot tell' } })
  expect(await surveyed('cpu.credits', { silent, knows })).toMatchObject({
    missing: 'knows: the guest cannot tell',
  })
})
