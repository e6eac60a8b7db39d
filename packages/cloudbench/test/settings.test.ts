import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

const project = {
  'config/baseline/default.yaml': 'defaults:\n  duration: 7s\n  seed: 5\n',
  'config/baseline/ci.yaml': 'defaults:\n  duration: 3s\n',
  'config/targets/api.yaml': 'driver: http\nurl: http://127.0.0.1:9\n',
  'config/scenarios/orders.yaml':
    'target: api\nworkload: request\nrate: 50/s\noptions:\n  path: /orders\n  headers: { x-a: b }\nchecks:\n  response.p99: < 25ms\n',
  'cloudbench.config.mjs': "export default { reporters: ['json'], defaults: { connections: 4 } }",
}

interface Printed {
  readonly digest: string
  readonly values: readonly { readonly path: string; readonly value: string; readonly origin: string }[]
}

async function settings(args: readonly string[], cwd: string, env = {}): Promise<Printed> {
  const { code, stdout, stderr } = await cloudbench(['config', '--json', ...args], { cwd, env })
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Printed
}

function at(path: string, { values }: Printed): string {
  const entry = values.find((value) => value.path === path)
  return entry === undefined ? 'nothing' : `${entry.value} by ${entry.origin}`
}

test('every layer wins over those below, and the origin says which it was', async () => {
  const cwd = await folder(project)
  const plain = await settings([], cwd)
  expect(at('defaults.timeout', plain)).toBe('30s by built-in')
  expect(at('defaults.connections', plain)).toBe('4 by cloudbench.config.mjs')
  expect(at('defaults.duration', plain)).toMatch(/^7s by config\/baseline\/default\.yaml:2/)
  const path = 'defaults.duration'
  const env = { CLOUDBENCH_DEFAULTS__DURATION: '2s' }
  expect(at(path, await settings(['--baseline', 'ci'], cwd))).toMatch(/^3s by config\/baseline\/ci\.yaml/)
  expect(at(path, await settings(['--baseline', 'ci'], cwd, env))).toMatch(
    /^2s by .*CLOUDBENCH_DEFAULTS__DURATION/,
  )
  expect(at(path, await settings(['--set', 'defaults.duration=1s'], cwd, env))).toBe('1s by --set')
  expect(at('scenarios.orders.flows.main.rate', plain)).toMatch(/^50\/s by config\/scenarios\/orders\.yaml:3/)
})

test('`--set` reaches every value that `config` prints', async () => {
  const cwd = await folder(project)
  const { values, digest } = await settings([], cwd)
  expect(values.length).toBeGreaterThan(20)
  // each value again, as it was printed: everything is accepted, and nothing has changed
  const again = await settings(
    values.flatMap(({ path, value }) => ['--set', `${path}=${value}`]),
    cwd,
  )
  expect(again.values.map(({ path, value }) => `${path}=${value}`).toSorted()).toEqual(
    values.map(({ path, value }) => `${path}=${value}`).toSorted(),
  )
  expect(again.values.filter(({ origin }) => origin !== '--set')).toEqual([])
  expect(again.digest).toBe(digest)
})

test('the digest is the same for the same settings in another folder, and another one for others', async () => {
  const [one, two] = await Promise.all([folder(project), folder(project)])
  const { digest } = await settings([], one)
  expect((await settings([], two)).digest).toBe(digest)
  expect((await settings(['--set', 'defaults.seed=6'], two)).digest).not.toBe(digest)
})

test('a mistake in a file is shown with file, line and column', async () => {
  const cwd = await folder({
    ...project,
    'config/targets/api.yaml': 'driver: http\nulr: http://127.0.0.1:9\n',
  })
  const { code, stderr } = await cloudbench(['orders'], { cwd })
  expect(stderr).toMatch(/config\/targets\/api\.yaml:2:1/)
  expect(stderr).toContain('did you mean url?')
  expect(code).toBe(2)
  const broken = await folder({ 'config/baseline/default.yaml': 'defaults:\n  - [\n' })
  const syntax = await cloudbench([], { cwd: broken })
  expect(syntax.stderr).toMatch(/config\/baseline\/default\.yaml:\d+:\d+/)
  expect(syntax.code).toBe(2)
})
