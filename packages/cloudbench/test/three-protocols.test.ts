import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ResultFile } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'

const example = fileURLToPath(new URL('../../../cloudbench.config.ts', import.meta.url))

test('the worked example loads cache, database and API at once, on one clock', async () => {
  const cwd = await folder()
  const loopback = ['redis', 'postgres', 'http'].flatMap((name) => ['--set', `targets.${name}.url=loopback`])
  const { code, stderr } = await cloudbench(
    [
      ...typed(`checkout --config ${example} --duration 1s --warmup 0s --reporter json=result.json`),
      // how long a loopback takes on a busy machine does not matter here
      ...typed('--set scenarios.checkout.checks["cache/response.p50"]=<10s'),
      ...loopback,
    ],
    { cwd },
  )
  expect(code, stderr).toBe(0)
  const result = JSON.parse(await readFile(join(cwd, 'result.json'), 'utf8')) as ResultFile
  const [scenario] = result.scenarios
  expect(scenario!.definition.flows.map(({ name, driver }) => `${name} by ${driver}`)).toEqual([
    'cache by redis',
    'orders by postgres',
    'api by http',
  ])
  const [phase] = scenario!.phases
  const sent = Object.fromEntries(
    phase!.flows.map(({ flow, operations }) => [
      flow,
      Object.values(operations).reduce((sum, operation) => sum + operation.ok, 0),
    ]),
  )
  expect(sent).toMatchObject({ cache: 1000, orders: 100 })
  // Poisson: about 50
  expect(sent['api']).toBeGreaterThan(20)
  // each point in time has all three
  for (const { flows } of phase!.intervals.slice(0, -1)) expect(flows).toHaveLength(3)
  expect(scenario!.audits.filter(({ status }) => status === 'passed').length).toBeGreaterThan(3)
})
