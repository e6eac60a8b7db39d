import { flatLine } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { report, steady } from './run.ts'

test('a scenario without a check is one case that passed', async () => {
  const { result, suites } = await report()
  expect(result.reason).toBe('passed')
  expect(suites).toMatchObject([
    {
      name: 'steady',
      attributes: { tests: '2', failures: '0', errors: '0' },
      cases: [
        {
          name: 'completed',
          className: 'cloudbench.steady',
          outcome: 'passed',
          text: 'the scenario completed',
        },
      ],
    },
  ])
})

test('a check that holds is a case that passed, and shows what it was', async () => {
  const { suites } = await report({
    scenarios: { steady: { ...steady, checks: { 'errors.rate': '<= 0.1%', requests: '== 20' } } },
  })
  expect(suites[0]!.cases).toMatchObject([
    { name: 'check errors.rate', outcome: 'passed', text: '0 %, expected <= 0.1%' },
    { name: 'check requests', outcome: 'passed', text: '20, expected == 20' },
  ])
})

test('every scenario is a suite, in the order of the run', async () => {
  const { suites } = await report({ scenarios: { second: steady, first: steady } })
  expect(suites.map(({ name }) => name)).toEqual(['second', 'first'])
})

test('a suite has the time and the start of its phases, in seconds and without milliseconds, and its machine', async () => {
  const { result, suites } = await report({ scenarios: { steady: { ...steady, warmup: '200ms' } } })
  const [{ phases }] = result.scenarios as [(typeof result.scenarios)[number]]
  const elapsedMs = phases[0]!.elapsedMs + phases[1]!.elapsedMs
  expect(suites[0]!.attributes).toMatchObject({
    time: String(Math.round(elapsedMs) / 1000),
    timestamp: phases[0]!.startedAt.toISOString().slice(0, 19),
    hostname: result.run.machines[0]!.name,
  })
})

test('properties have the flat line, the targets, and what the run was', async () => {
  const { result, suites } = await report({ scenarios: { steady: { ...steady, tags: ['nightly', 'slow'] } } })
  const line = Object.entries(flatLine(result.scenarios[0]!))
  expect(line.length).toBeGreaterThan(15)
  const own = Object.entries(suites[0]!.properties).filter(([name]) => !isOfVerdict(name))
  expect(Object.fromEntries(own)).toEqual({
    ...Object.fromEntries(
      line
        .filter(([key, value]) => value !== null && !isOfVerdict(key))
        .map(([key, value]) => [key, String(value)]),
    ),
    reason: 'passed',
    seed: String(result.run.scenarios[0]!.seed),
    tags: 'nightly,slow',
    'target.main': 'fixture://loopback (loopback)',
    run_id: result.run.id,
    run_started_at: result.run.startedAt.toISOString(),
    config_digest: result.run.configDigest,
    cloudbench_version: '1.2.3',
  })
})

/** Tests of the verdict look at runs that are always the same. */
function isOfVerdict(name: string): boolean {
  return /^(verdict|signals_|limited_by|validity\.)|_(low|high)(_|$)/.test(name)
}

test('what was not measured has no property', async () => {
  const { suites } = await report({ scenarios: { loop: { target: 'server', connections: 1 } } })
  expect(suites[0]!.properties).toMatchObject({ latency_basis: 'service' })
  expect(suites[0]!.properties).not.toHaveProperty('lag_p50_ms')
  expect(suites[0]!.properties).not.toHaveProperty('rate_asked')
})
