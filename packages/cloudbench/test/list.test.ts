import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'
import { defaultScenarios } from './support/default-scenarios.ts'

test('without configuration there are the built-in scenarios', async () => {
  const { code, stdout } = await cloudbench(['list', '--json'], { cwd: await folder() })
  expect(code).toBe(0)
  const listed = JSON.parse(stdout) as { id: string; selected: boolean; clients: unknown }[]
  expect(listed.map(({ id }) => id)).toEqual(defaultScenarios)
  for (const { id, selected, clients } of listed) {
    expect(selected, id).toBe(id !== 'lanes')
    expect(clients, id).toBe(id === 'lanes' ? 'all' : null)
  }
})

test("a project's own scenarios run when none is named, the built-in ones only when they are", async () => {
  const cwd = await folder({
    'config/targets/api.yaml': 'driver: http\n',
    'config/scenarios/orders.yaml':
      'description: what a shop does\ntarget: api\nrate: 50/s\nconnections: 7\n',
  })
  const { stdout } = await cloudbench(['list'], { cwd })
  expect(stdout).toMatch(/^orders\n  what a shop does\n  http → api \(auto\), 50\/s, 7 connections$/m)
  expect(stdout).toContain('http-json-api  (only when named)')
  expect(stdout).toMatch(
    /^lanes  \(only when named\)\n.*\n  once for each client of the driver\n  redis → lanes \(auto\)/m,
  )
})
