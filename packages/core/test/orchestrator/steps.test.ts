import { expect, onTestFinished, test, vi } from 'vitest'
import { createSteps } from '../../src/orchestrator/steps.ts'
import type { Step } from '../../src/plugin/model.ts'
import { runSteady } from '../support/run.ts'

test('a run says what it is busy with, from before it starts until its scenario ends', async () => {
  const told: string[] = []
  await runSteady({
    url: 'auto',
    durationMs: 300,
    workload: 'telling',
    reporter: {
      onStep: ({ doing, detail, scenario }) =>
        void told.push([doing, detail, scenario].filter((part) => part !== undefined).join(' | ')),
      onRunStart: () => void told.push('run'),
      onPhaseStart: ({ name }) => void told.push(name),
    },
    options: {
      provision: async ({ driver }, say) => {
        say(`starting ${driver}`)
        return { url: 'found://server', origin: 'found', close: async () => {} }
      },
    },
  })
  expect(told).toEqual([
    'looking at this machine',
    'starting ./steady.driver.ts',
    'run',
    'starting a worker | steady',
    'preparing the target | steady',
    'preparing the target | 1 of 3 keys | steady',
    'opening the connections | steady',
    'measure',
    'checking what was stored | steady',
    'cleaning up the target | steady',
    'closing the connections | steady',
  ])
})

test('what drivers tell is redacted, belongs to the step, and comes at most four times a second', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const told: Step[] = []
  const steps = createSteps(
    (step) => told.push(step),
    (text) => text.replace('secret', '***'),
  )
  steps.detail('before any step')
  steps.begin('preparing the target', 'reads')
  for (let at = 0; at < 10; at++) {
    steps.detail(`${at} of secret keys`)
    vi.advanceTimersByTime(100)
  }
  expect(told.map(({ detail }) => detail)).toEqual([
    undefined,
    ...['0', '3', '6', '9'].map((at) => `${at} of *** keys`),
  ])
})
