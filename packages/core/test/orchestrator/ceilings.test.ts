import { expect, test } from 'vitest'
import type { CeilingOf } from '../../src/orchestrator/options.ts'
import type { Ceiling } from '../../src/plugin/model.ts'
import { runSteady, type Order } from '../support/run.ts'
import { constantRate } from '../support/simulate.ts'

const ceiling: Ceiling = { perSecond: 5000, measuredAt: '2020-01-02T03:04:05.678Z' }

/** The setup of the only flow of a run. */
async function setupOf(order: Order = {}): Promise<string> {
  const asked: string[] = []
  const ceilingOf: CeilingOf = (setup) => {
    asked.push(setup)
    return undefined
  }
  const { scenarios } = await runSteady({
    durationMs: 50,
    ...order,
    options: { ...order.options, ceilingOf },
  })
  expect(scenarios[0]!.errors).toEqual([])
  expect(scenarios[0]!.scenario.flows[0]).not.toHaveProperty('ceiling')
  return asked.join()
}

test('a flow that was calibrated has its ceiling, in the run and in the result', async () => {
  const { run, scenarios } = await runSteady({ durationMs: 50, options: { ceilingOf: () => ceiling } })
  expect(scenarios[0]!.scenario.flows).toMatchObject([{ name: 'main', ceiling }])
  expect(run.scenarios).toEqual(scenarios.map(({ scenario }) => scenario))
})

test('the setup is a digest, and the same for the same run, whatever its rate and length', async () => {
  const setup = await setupOf()
  expect(setup).toMatch(/^[0-9a-f]{64}$/)
  expect(await setupOf({ load: constantRate(50, 100, 4), durationMs: 100 })).toBe(setup)
})

test.each<{ readonly what: string; readonly order: Order }>([
  { what: 'workers', order: { workers: 2 } },
  { what: 'connections', order: { load: constantRate(100, 50, 5) } },
  { what: 'dispatch', order: { scenarios: [{ dispatch: 'timer' }] } },
  { what: 'version of cloudbench', order: { options: { version: '9.9.9' } } },
])('of another $what, a setup is another one', async ({ order }) => {
  expect(await setupOf(order)).not.toBe(await setupOf())
})
