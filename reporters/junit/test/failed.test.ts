import { expect, test } from 'vitest'
import { report, steady } from './run.ts'

test('a failed check is a failure with the expected and the actual value', async () => {
  const checks = { requests: '>= 1k', 'errors.rate': '<= 0.1%', residency: '>= 92%' }
  const { result, suites } = await report({ scenarios: { steady: { ...steady, checks } } })
  expect(result.exitCode).toBe(1)
  expect(suites).toHaveLength(1)
  expect(suites[0]!.attributes).toMatchObject({ failures: '2', errors: '0' })
  expect(suites[0]!.cases).toMatchObject([
    { name: 'check errors.rate', outcome: 'passed' },
    { name: 'check requests', outcome: 'failure', message: '20, expected >= 1k', text: '20, expected >= 1k' },
    {
      name: 'check residency',
      outcome: 'failure',
      message: expect.stringMatching(/, expected >= 92%$/) as string,
    },
  ])
})

test('a check that a hook adds is a case of its scenario, or of the run', async () => {
  const added = { status: 'failed', expected: '>= 92%', actual: '80 %' } as const
  const { result, suites } = await report({
    name: 'shop',
    plugins: [
      {
        name: 'judge',
        hooks: {
          'run:evaluate': (_result, checks) => {
            checks.push({ name: 'hits', scenario: 'steady', ...added })
            checks.push({ name: 'budget', scenario: 'all of them', ...added })
          },
        },
      },
    ],
  })
  expect(result.exitCode).toBe(1)
  const failure = { outcome: 'failure', message: '80 %, expected >= 92%' }
  expect(suites).toMatchObject([
    {
      name: 'steady',
      cases: [
        { name: 'completed', outcome: 'passed' },
        { name: 'check hits', ...failure },
      ],
    },
    { name: 'shop', cases: [{ name: 'check budget', className: 'shop.shop', ...failure }] },
  ])
})

test('a failed audit is a failure with the number of violations', async () => {
  const { result, suites } = await report({ scenarios: { steady: { ...steady, workload: 'audited' } } })
  expect(result.exitCode).toBe(1)
  expect(suites).toHaveLength(1)
  expect(suites[0]!.cases).toMatchObject([
    { name: 'completed', outcome: 'passed' },
    { name: 'audit main/stored', outcome: 'passed', text: '0 of 10 wrong' },
    { name: 'audit main/fresh', outcome: 'failure', message: '3 of 20 wrong: 3 were lost' },
    { name: 'audit main/in order', outcome: 'skipped', message: '0 of 0 wrong: nothing to compare' },
  ])
})
