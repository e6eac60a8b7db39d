import { expect, test } from 'vitest'
import { cases, properties, runAndRead } from './run.ts'

const steady = { target: 'server', rate: '100/s', connections: 2 } as const

test('a run that passed: a suite per scenario, a case per check, its figures as properties', async () => {
  const { root, suites } = await runAndRead({
    b: { ...steady, checks: { 'errors.rate': '< 1%', 'response.p99': '< 10s' } },
    a: { ...steady, checks: { rate: '>= 1/s' } },
  })
  expect(suites.map(({ attributes }) => attributes['name'])).toEqual(['b', 'a'])
  expect(suites.map(cases)).toEqual([['errors.rate < 1%', 'response.p99 < 10s'], ['rate >= 1/s']])
  expect(root.attributes).toMatchObject({ name: 'cloudbench', tests: '3', failures: '0', errors: '0' })
  const known = properties(suites[0]!)
  expect(known).toMatchObject({ reason: 'passed', requests: '30', errors: '0', rate_asked: '100', exit: '0' })
  expect(known['config_digest']).toMatch(/^[0-9a-f]{64}$/)
  expect(known['cloudbench_version']).toBe('1.2.3')
  expect(known['target_main']).toBe('fixture://loopback (loopback)')
  expect(Number(known['latency_p99_ms'])).toBeGreaterThan(0)
  expect(Number(suites[0]!.attributes['time'])).toBeGreaterThanOrEqual(0.3)
  expect(suites[0]!.attributes['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
})

test('without a check there is a case that says that the scenario was completed', async () => {
  const { suites } = await runAndRead({ a: steady })
  expect(suites.map(cases)).toEqual([['completed']])
})

test('a failed check is a failure, with what was expected and what was', async () => {
  const { root, suites } = await runAndRead({
    a: { ...steady, checks: { 'response.p50': '< 1ns', 'errors.rate': '< 1%' } },
  })
  expect(suites.map(cases)).toEqual([['response.p50 < 1ns failure', 'errors.rate < 1%']])
  const [failure] = suites[0]!.children.find(({ name }) => name === 'testcase')!.children
  expect(failure!.attributes['message']).toMatch(/^expected < 1ns, was \d/)
  expect(root.attributes).toMatchObject({ tests: '2', failures: '1', errors: '0' })
})

test('an audit is a case of its own, and fails like one', async () => {
  const { suites } = await runAndRead({ a: { ...steady, workload: 'audited' } })
  expect(suites.map(cases)).toEqual([
    ['completed', 'main: all is there', 'main: all in order failure', 'main: later skipped'],
  ])
  const failed = suites[0]!.children.at(-2)!.children[0]!
  expect(failed.attributes).toEqual({ type: 'audit', message: '2 wrong of 9: 3 came before 2' })
})

test('an errored run has its error, checks that were skipped, and does not look complete', async () => {
  const { root, suites } = await runAndRead({
    a: { ...steady, workload: 'unreachable', checks: { 'errors.rate': '< 1%' } },
  })
  expect(suites.map(cases)).toEqual([
    ['completed error', 'errors.rate < 1% skipped', 'target: opening of connections error'],
  ])
  expect(suites[0]!.children.at(-1)!.children[0]!.text).toContain('nobody is at home')
  expect(root.attributes).toMatchObject({ tests: '3', failures: '0', errors: '2' })
})

test('an interrupted run has the figures of what ran, and does not look complete', async () => {
  const interrupt = AbortSignal.timeout(1_500)
  const { suites } = await runAndRead(
    { a: { ...steady, duration: '60s', checks: { 'errors.rate': '< 1%' } } },
    { interrupt },
  )
  expect(suites.map(cases)).toEqual([['completed error', 'errors.rate < 1% skipped']])
  expect(properties(suites[0]!)['reason']).toBe('interrupted')
})

test('the file can have another name', async () => {
  const { suites } = await runAndRead({ a: steady }, { options: { file: 'reports/load.xml' } })
  expect(suites.map(cases)).toEqual([['completed']])
})
