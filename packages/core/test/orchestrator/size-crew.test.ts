import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import type { ScenarioPlan } from '../../src/config/plan.ts'
import type { Phase, Scenario } from '../../src/plugin/model.ts'
import { runSteady } from '../support/run.ts'
import { constantRate } from '../support/simulate.ts'

const flows = (driver: string, url: string): ScenarioPlan['flows'] => [
  { name: 'main', driver, workload: undefined, target: { name: 'server', url }, options: {} },
]

test('workers auto: as many as the load takes by what one worker spent on it, with the reason in the result', async () => {
  const began: Phase[] = []
  const announced: Scenario[] = []
  const { scenarios, run } = await runSteady({
    durationMs: 300,
    // 0.8 of a core, and a worker is to take 0.6
    load: constantRate(1600, 300, 4),
    scenarios: [{ workers: 'auto', flows: flows('./costly.driver.ts', 'costly://there') }],
    reporter: {
      onPhaseStart: (phase) => void began.push(phase),
      onRunStart: (one) => void announced.push(...one.scenarios),
    },
  })
  const [{ scenario, workers, errors }] = scenarios as [(typeof scenarios)[0]]
  expect(errors).toEqual([])
  const least = Math.min(2, availableParallelism())
  expect(scenario.workers).toBeGreaterThanOrEqual(least)
  expect(scenario.workers).toBeLessThanOrEqual(availableParallelism())
  expect(workers).toHaveLength(scenario.workers)
  expect(scenario.workersReason).toMatch(
    /^1600\/s takes \d+ % of a core, and a worker is to be busy for 60 % at most/,
  )
  // everything that follows knows, and nothing else of it is seen
  expect(announced).toEqual(run.scenarios)
  expect(run.scenarios[0]!.workers).toBe(scenario.workers)
  expect(began.map(({ name }) => name)).toEqual(['measure'])
})

test('a load that one worker carries gets one', async () => {
  const { scenarios } = await runSteady({ durationMs: 300, scenarios: [{ workers: 'auto' }] })
  expect(scenarios[0]!.errors).toEqual([])
  expect(scenarios[0]!.workers).toHaveLength(1)
  expect(scenarios[0]!.scenario.workersReason).toContain('100/s takes')
})

test('a target that cannot be calibrated is not loaded', async () => {
  const { scenarios } = await runSteady({
    durationMs: 300,
    scenarios: [
      {
        workers: 'auto',
        flows: [{ ...flows('./steady.driver.ts', 'steady://here')[0]!, workload: 'unreachable' }],
      },
    ],
  })
  expect(scenarios[0]!.errors).toMatchObject([
    { during: 'calibration of the workers', message: expect.stringContaining('ECONNREFUSED') as string },
  ])
  expect(scenarios[0]!.phases).toEqual([])
  expect(scenarios[0]!.exitCode).toBe(2)
})
