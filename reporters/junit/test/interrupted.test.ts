import type { Hooks } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { report, steady, type Order, type Reported } from './run.ts'

/** Interrupts a run when a hook is called for the first time. */
async function interruptedAt(hook: keyof Hooks, order: Order): Promise<Reported> {
  const interrupt = new AbortController()
  const hooks = { [hook]: () => interrupt.abort() }
  return await report({ ...order, interrupt: interrupt.signal, plugins: [{ name: 'ctrl-c', hooks }] })
}

const long = { ...steady, duration: '60s' }

test('an interrupted scenario has its checks skipped, and one that was not reached is skipped', async () => {
  const { result, suites } = await interruptedAt('interval', {
    scenarios: { first: { ...long, checks: { requests: '>= 1' } }, second: long },
  })
  expect(result.exitCode).toBe(130)
  expect(suites).toMatchObject([
    {
      name: 'first',
      attributes: { failures: '0', errors: '0' },
      properties: { reason: 'interrupted', exit: '130' },
      cases: [{ name: 'check requests', outcome: 'skipped' }],
    },
    {
      name: 'second',
      attributes: { tests: '1', failures: '0', errors: '0', skipped: '1', time: '0' },
      cases: [{ name: 'completed', outcome: 'skipped', message: 'the run ended before the scenario began' }],
    },
  ])
  // what ran before has been measured
  expect(Number(suites[0]!.properties['requests'])).toBeGreaterThan(0)
})

test('an interrupted scenario without checks is skipped', async () => {
  const { suites } = await interruptedAt('interval', { scenarios: { only: long } })
  expect(suites).toMatchObject([
    {
      cases: [
        {
          name: 'completed',
          outcome: 'skipped',
          message: 'the run was interrupted before the scenario had ended',
        },
      ],
    },
  ])
})

test('a run that is interrupted after its scenarios says so itself', async () => {
  const { result, suites } = await interruptedAt('run:evaluate', {
    scenarios: { steady: { ...steady, workload: 'audited' } },
  })
  expect(result.reason).toBe('interrupted')
  expect(suites).toMatchObject([
    { name: 'steady', properties: { reason: 'failed' } },
    {
      name: 'cloudbench',
      cases: [{ name: 'completed', outcome: 'skipped', message: 'the run was interrupted' }],
    },
  ])
})

test('a run that is interrupted before it began has every scenario skipped', async () => {
  const { result, suites } = await interruptedAt('run:start', { scenarios: { first: long, second: long } })
  expect(result.scenarios).toEqual([])
  expect(suites.map(({ cases }) => cases.map(({ outcome }) => outcome))).toEqual([['skipped'], ['skipped']])
})
