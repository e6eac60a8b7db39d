import { expect, it } from 'vitest'
import type { FlowPlan, ScenarioPlan } from '../../src/config/plan.ts'
import { runSteady } from '../support/run.ts'
import { constantRate } from '../support/simulate.ts'

const durationMs = 200

function flow(driver: string, name = 'main', options: FlowPlan['options'] = {}): FlowPlan {
  return { name, driver, workload: undefined, target: { name: 'server', url: 'memory://here' }, options }
}

function comparing(clients: ScenarioPlan['clients'] & {}, flows = [flow('./two-clients.driver.ts')]) {
  const loads = Object.fromEntries(flows.map(({ name }) => [name, constantRate(50, durationMs, 2)]))
  const phases = [{ name: 'measure', kind: 'measure' as const, durationMs, loads }]
  return { id: 'lanes', clients, flows, phases }
}

it('runs once for each client that is named, in order, and says which one and of what', async () => {
  const { run, scenarios } = await runSteady({
    scenarios: [comparing(['yaml', 'wire']), { id: 'other' }],
    durationMs,
  })
  const shown = scenarios.map(({ scenario: { id, comparison, seed, flows }, reason }) => [
    id,
    comparison,
    seed,
    flows[0]!.client?.name,
    reason,
  ])
  expect(shown).toEqual([
    ['lanes (yaml)', 'lanes', 1, 'yaml', 'passed'],
    ['lanes (wire)', 'lanes', 1, 'wire', 'passed'],
    ['other', undefined, 1, undefined, 'passed'],
  ])
  expect(run.scenarios).toEqual(scenarios.map(({ scenario }) => scenario))
  expect(scenarios[0]!.checks.every(({ scenario }) => scenario === 'lanes (yaml)')).toBe(true)
})

it('finds or starts one target for all of them', async () => {
  let started = 0
  const provision = async () => {
    started++
    return { url: 'memory://found', origin: 'found' as const, close: async () => {} }
  }
  const flows = [{ ...flow('./two-clients.driver.ts'), target: { name: 'server', url: undefined } }]
  const { scenarios } = await runSteady({
    scenarios: [comparing(['wire', 'yaml'], flows)],
    options: { provision },
  })
  expect(scenarios.map(({ scenario }) => scenario.flows[0]!.target.url)).toEqual([
    'memory://found',
    'memory://found',
  ])
  expect(started).toBe(1)
})

it('leaves out of `all` what is not installed, and says so with the command that installs it', async () => {
  let said = ''
  const stream = { isTTY: false, columns: 80, color: false, write: (text: string) => void (said += text) }
  const { scenarios, reason } = await runSteady({
    scenarios: [comparing('all')],
    options: { terminal: { stdout: stream, stderr: stream } },
  })
  expect(scenarios.map(({ scenario }) => scenario.id)).toEqual(['lanes (wire)', 'lanes (yaml)'])
  expect(reason).toBe('passed')
  expect(said).toBe('[lanes] client missing is left out: npm install --save-dev no-such-client\n')
})

it.each([
  [['missing'], undefined, { code: 'CB_CLIENT_NOT_FOUND', next: 'npm install --save-dev no-such-client' }],
  [
    ['wires'],
    undefined,
    { code: 'CB_PLUGIN_OPTIONS', message: expect.stringContaining('option "client"') as string },
  ],
  [
    'all' as const,
    [flow('./two-clients.driver.ts', 'main', { size: 1 })],
    { code: 'CB_PLUGIN_OPTIONS', message: expect.stringContaining('size') as string },
  ],
  [
    'all' as const,
    [flow('./steady.driver.ts')],
    { code: 'CB_CONFIG', message: 'scenarios.lanes.clients: driver "steady" has no clients to choose from' },
  ],
  [
    ['wire'],
    [flow('./two-clients.driver.ts', 'one'), flow('./steady.driver.ts', 'two')],
    {
      code: 'CB_CONFIG',
      message: 'scenarios.lanes.clients: its flows have several drivers: two-clients, steady',
    },
  ],
])('refuses before anything starts what cannot be compared: %j', async (clients, flows, refusal) => {
  await expect(runSteady({ scenarios: [comparing(clients, flows)] })).rejects.toMatchObject(refusal)
})
