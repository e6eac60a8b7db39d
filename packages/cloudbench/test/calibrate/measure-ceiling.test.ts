import type { FlowMetrics, HistogramView, Interval, PhaseResult, RunResult } from '@cloudbench/core'
import type { RunOptions, RunPlan, ScenarioPlan } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { measureCeiling, type Calibrated, type Run } from '../../src/calibrate/measure-ceiling.ts'

const flow = {
  name: 'main',
  driver: 'echo',
  workload: 'ping',
  target: { name: 'far', url: 'echo://far' },
  options: { size: 7 },
}
const scenario = {
  id: 'pings',
  description: '',
  tags: [],
  flows: [flow, { ...flow, name: 'other' }],
  phases: [
    {
      name: 'measure',
      kind: 'measure',
      durationMs: 60_000,
      loads: {
        main: {
          model: 'open',
          connections: 8,
          arrivals: 'poisson',
          stages: [{ durationMs: 60_000, fromPerSecond: 5, toPerSecond: 5 }],
        },
      },
    },
  ],
  checks: [],
  alerts: [],
  workers: 2,
  dispatch: 'tick',
  seed: 1,
  intervalMs: 1000,
  drainMs: 5000,
  timeoutMs: 30_000,
  log: { sample: 1 },
} as const satisfies ScenarioPlan
const plan = {
  scenarios: [scenario],
  reporters: ['default'],
  plugins: [{ name: 'mine', hooks: {} }],
} as unknown as RunPlan
const options = { version: '1.0.0' } as RunOptions
const request = { plan, scenario, flow, workers: 2, durationMs: 17_000 }

/** A generator that sends up to a rate on time; beyond it, what is due is late and lost. In no time at all. */
function generator(mostPerSecond: number, clients: readonly (string | undefined)[] = [undefined]) {
  const plans: RunPlan[] = []
  const run: Run = (given, { interrupt, ceilingOf }) => {
    plans.push(given)
    const [only] = given.scenarios as [ScenarioPlan]
    ceilingOf?.('f'.repeat(64))
    const names = Array.isArray(only.clients) ? (only.clients as string[]) : clients
    const scenarios: object[] = []
    for (const client of names) {
      const phases: PhaseResult[] = []
      for (const phase of only.phases) {
        if (interrupt?.aborted) break
        const load = phase.loads['main']!
        const asked = load.model === 'open' ? load.stages[0]!.toPerSecond : Infinity
        const rate = Math.min(asked, mostPerSecond)
        const scheduled = (Math.min(asked, mostPerSecond * 2) * phase.durationMs) / 1000
        const lagNs = asked <= mostPerSecond ? 0.1e6 : 30e6
        const result = {
          phase: { ...phase, scenario: only.id },
          elapsedMs: phase.durationMs,
          flows: [
            {
              flow: 'main',
              total: { ok: (rate * phase.durationMs) / 1000, failed: 0, lateShare: 0, scheduled },
            } as FlowMetrics,
          ],
          generators: [
            {
              lag: { count: 1, percentile: () => lagNs } as unknown as HistogramView,
            } as Interval['generators'][number],
          ],
        } as unknown as PhaseResult
        phases.push(result)
        for (const { hooks } of given.plugins)
          (hooks['phase:end'] as ((one: PhaseResult) => void) | undefined)?.(result)
      }
      const described = {
        name: 'main',
        driver: 'echo',
        workload: 'ping',
        ...(client !== undefined && { client: { name: client } }),
      }
      scenarios.push({
        scenario: { id: only.id, flows: [described] },
        phases,
        errors: [],
        reason: 'passed',
      })
    }
    return Promise.resolve({ scenarios, errors: [] } as unknown as RunResult)
  }
  return { run, plans }
}

test('it finds the rate that a generator can send, and no step above the second that it cannot', async () => {
  const { run } = generator(1000)
  const [found] = await measureCeiling(request, run, options)
  expect(found).toMatchObject({
    scenario: 'pings',
    workers: 2,
    setup: 'f'.repeat(64),
    ceiling: { lagP99Ms: 0.1, achieved: 1 },
  })
  const { steps, ceiling } = found as Calibrated
  expect(ceiling!.perSecond).toBeLessThanOrEqual(1000)
  expect(ceiling!.perSecond).toBeGreaterThan(800)
  expect(steps.filter(({ perSecond }) => perSecond > 1000).length).toBeLessThanOrEqual(2)
})

test('the flow runs alone on the loopback, with nothing that reports, checks or logs, and within the time', async () => {
  const { run, plans } = generator(1000)
  await measureCeiling(request, run, options)
  for (const { scenarios, reporters } of plans) {
    expect(reporters).toEqual([])
    expect(scenarios).toHaveLength(1)
    expect(scenarios[0]).toMatchObject({
      workers: 2,
      checks: [],
      alerts: [],
      flows: [{ name: 'main', target: { name: 'far', url: 'loopback' }, options: { size: 7 } }],
    })
    expect(scenarios[0]).not.toHaveProperty('log')
  }
  expect(plans[0]!.plugins).toEqual([])
  const phases = plans.flatMap(({ scenarios }) => scenarios[0]!.phases)
  expect(phases.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeLessThanOrEqual(17_000 + 1e-6)
  expect(
    phases.map(({ loads }) => loads['main']!.connections).every((connections) => connections === 8),
  ).toBe(true)
  expect(phases.at(-1)!.loads['main']).toMatchObject({ model: 'open', arrivals: 'poisson' })
})

test('each client that is compared has a ceiling of its own', async () => {
  const { run, plans } = generator(1000, ['wire', 'library'])
  const found = await measureCeiling({ ...request, scenario: { ...scenario, clients: 'all' } }, run, options)
  expect(found.map((one) => ('setup' in one ? one.flow.client?.name : one.why))).toEqual(['wire', 'library'])
  expect(plans.map(({ scenarios }) => scenarios[0]!.clients)).toEqual(['all', ['wire'], ['library']])
})

test('a driver without a loopback is named, with the reason', async () => {
  const run: Run = async () =>
    ({
      scenarios: [
        {
          scenario: { flows: [] },
          phases: [],
          errors: [{ message: 'driver "echo" has no loopback server' }],
          reason: 'errored',
        },
      ],
      errors: [],
    }) as unknown as RunResult
  expect(await measureCeiling(request, run, options)).toEqual([
    {
      scenario: 'pings',
      flow: 'main',
      driver: 'echo',
      workers: 2,
      why: 'driver "echo" has no loopback server',
    },
  ])
})

test('an interrupt ends it without a finding', async () => {
  const { run } = generator(1000)
  const interrupt = AbortSignal.abort()
  expect(await measureCeiling(request, run, { ...options, interrupt })).toEqual([])
})
