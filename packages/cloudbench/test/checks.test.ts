import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'
import { httpTarget } from './support/target.ts'

const short = ['--duration', '1s', '--warmup', '0s', '--reporter', 'json']

async function runWith(checks: string, options = {}): Promise<{ code: number | null; stderr: string }> {
  const url = await httpTarget(options)
  const cwd = await folder({
    'config/targets/http.yaml': `driver: http\nurl: ${url}\n`,
    'config/scenarios/api.yaml': `target: http\nworkload: json-api\nrate: 50/s\nchecks:\n${checks}`,
  })
  return await cloudbench(['api', ...short], { cwd })
}

test('checks that hold end with 0', async () => {
  const { code, stderr } = await runWith(
    `  response.p99: < 10s\n  errors.rate: < 0.1%\n  rate: '>= 5/s'\n  json-api/requests: '>= 50'\n`,
  )
  expect(stderr).not.toContain('failed')
  expect(code).toBe(0)
})

test('a check that fails ends with 1, and reports the expected and the actual value', async () => {
  const { code, stderr } = await runWith('  response.p50: < 10ms\n', { delayMs: 30 })
  expect(stderr).toMatch(/api: check response\.p50 < 10ms failed: \d+(\.\d+)? ms/)
  expect(code).toBe(1)
})

test('a check on a metric without any measurement fails', async () => {
  const { code, stderr } = await runWith('  residency: ">= 90%"\n')
  expect(stderr).toMatch(/check residency >= 90% failed: /)
  expect(code).toBe(1)
})

test('an unknown metric is refused before any load, with a suggestion', async () => {
  const { code, stderr } = await runWith('  respnse.p99: < 10ms\n')
  expect(stderr).toMatch(/api\.checks.*respnse\.p99/)
  expect(stderr).toContain('did you mean response.p99?')
  expect(code).toBe(2)
})

test('errors of the target fail `errors.rate`', async () => {
  const { code, stderr } = await runWith('  errors.rate: < 1%\n', { failureRate: 0.2 })
  expect(stderr).toMatch(/check errors\.rate < 1% failed: 20 %/)
  expect(code).toBe(1)
})
