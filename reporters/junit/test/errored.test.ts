import { expect, test } from 'vitest'
import { report, steady } from './run.ts'

test('a target that refuses is an error, and the checks were skipped', async () => {
  const { result, suites } = await report({
    scenarios: { steady: { ...steady, workload: 'refuses', checks: { requests: '>= 1' } } },
  })
  expect(result.exitCode).toBe(2)
  expect(suites).toHaveLength(1)
  expect(suites[0]!.attributes).toMatchObject({ tests: '2', failures: '0', errors: '1', skipped: '1' })
  const [check, error] = suites[0]!.cases
  expect(check).toMatchObject({
    name: 'check requests',
    outcome: 'skipped',
    message: 'the scenario did not complete, expected >= 1',
  })
  expect(error).toMatchObject({ name: 'error target: opening of connections', outcome: 'error' })
  expect(error!.text).toContain('nobody\nlistens <here>')
  expect(error!.message).toBe(error!.text.split('\n')[0])
})

test('a scenario without checks that did not complete has one error, not two', async () => {
  const { suites } = await report({ scenarios: { steady: { ...steady, workload: 'refuses' } } })
  expect(suites[0]!.cases).toMatchObject([
    { name: 'completed', outcome: 'skipped', message: 'the scenario did not complete' },
    { outcome: 'error' },
  ])
})

test('a target that only answers with failures is a failed check that says what it answered', async () => {
  const checks = { 'errors.rate': '< 1%' }
  const { result, suites } = await report({ scenarios: { steady: { ...steady, workload: 'fails', checks } } })
  expect(result.exitCode).toBe(1)
  expect(suites[0]!.cases).toMatchObject([
    { name: 'check errors.rate', outcome: 'failure', message: '100 %, mostly nope, expected < 1%' },
  ])
})

test('every broken law of accounting is an error', async () => {
  const { result, suites } = await report({
    scenarios: { steady: { ...steady, workload: 'answers twice' } },
  })
  expect(result.exitCode).toBe(3)
  const { breaches } = result.scenarios[0]!.phases[0]!
  expect(breaches.length).toBeGreaterThan(0)
  const errors = suites[0]!.cases.filter(({ outcome }) => outcome === 'error')
  expect(errors[0]!.name).toBe('error accounting: phase measure')
  expect(errors.map(({ text }) => text)).toEqual(breaches)
})

test('a plugin that throws is an error of the scenario in which it threw, or of the run', async () => {
  const { result, suites } = await report({
    plugins: [
      {
        name: 'mine',
        hooks: {
          'phase:end': () => {
            throw new Error('oops')
          },
          'run:evaluate': () => {
            throw new Error('no verdict')
          },
        },
      },
    ],
  })
  expect(result.exitCode).toBe(2)
  expect(suites).toMatchObject([
    {
      name: 'steady',
      cases: [
        { name: 'completed', outcome: 'passed' },
        { name: 'error mine: phase:end', outcome: 'error', message: 'oops' },
      ],
    },
    {
      name: 'cloudbench',
      cases: [{ outcome: 'error', text: expect.stringContaining('no verdict') as string }],
    },
  ])
  expect(suites[1]!.cases).toHaveLength(1)
})

test('one scenario that errors leaves the others as they are', async () => {
  const { result, suites } = await report({
    scenarios: { broken: { ...steady, workload: 'refuses' }, sound: steady },
  })
  expect(result.exitCode).toBe(2)
  expect(suites.map(({ name, attributes }) => [name, attributes['errors']])).toEqual([
    ['broken', '1'],
    ['sound', '0'],
  ])
})
