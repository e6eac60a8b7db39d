import { expect, test } from 'vitest'
import { report } from './run.ts'

test('a run without scenarios is an error, because it measured nothing', async () => {
  const { result, suites } = await report({ change: (plan) => ({ ...plan, scenarios: [] }) })
  expect(result.exitCode).toBe(2)
  expect(suites).toMatchObject([
    {
      name: 'cloudbench',
      attributes: { tests: '1', errors: '1', time: '0' },
      properties: { config_digest: result.run.configDigest },
      cases: [{ name: 'completed', outcome: 'error', message: 'no scenario ran, so nothing was measured' }],
    },
  ])
})
