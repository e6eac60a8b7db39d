import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

/** Everything in one folder outside the workspace, each plugin in its own package, as npm lays them out. */
const installed = {
  'node_modules/cloudbench-driver-echo/package.json': manifest('cloudbench-driver-echo'),
  'node_modules/cloudbench-driver-echo/index.js': driver('echo'),
  'node_modules/@acme/load/package.json': manifest('@acme/load'),
  'node_modules/@acme/load/index.js': driver('acme'),
  'node_modules/cloudbench-environment-marked/package.json': manifest('cloudbench-environment-marked'),
  'node_modules/cloudbench-environment-marked/index.js': environment(),
  'node_modules/cloudbench-reporter-lines/package.json': manifest('cloudbench-reporter-lines'),
  'node_modules/cloudbench-reporter-lines/index.js': reporter('lines'),
  'plugins/mine.mjs': driver('mine'),
  'plugins/said.mjs': reporter('said'),
}

function manifest(name: string): string {
  return JSON.stringify({ name, version: '1.2.3', type: 'module', exports: { default: './index.js' } })
}

function driver(name: string): string {
  return `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: '${name}',
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close() {} }
  },
  loopback: () => ({ target: '${name}://loopback', close() {} }),
})`
}

function environment(): string {
  return `import { defineEnvironment } from '@cloudbench/core'
export default defineEnvironment({
  name: 'marked',
  discover: () => ({ seen: true }),
  launch(launch) { launch.env.MARKED = 'yes' },
  verify() {
    if (process.env.MARKED !== 'yes') throw new Error('the mark did not arrive')
    return { mark: process.env.MARKED }
  },
})`
}

function reporter(name: string): string {
  return `import { defineReporter } from '@cloudbench/core'
export default defineReporter({
  name: '${name}',
  create: ({ log }) => ({
    onScenarioEnd({ scenario, workers }) {
      const [{ driver }] = scenario.flows
      log.warn(scenario.id + ' by ' + driver + ' ' + JSON.stringify(workers[0].facts))
    },
  }),
})`
}

const scenario = (name: string): string =>
  `target: ${name}\nrate: 50/s\nduration: 300ms\nwarmup: 0s\nconnections: 1\n`

test('drivers, environments and reporters are found by name, by package and by path, from configuration and flags', async () => {
  const cwd = await folder({
    ...installed,
    'config/targets/short.yaml': 'driver: echo\n',
    'config/targets/package.yaml': "driver: '@acme/load'\n",
    'config/targets/path.yaml': 'driver: ./plugins/mine.mjs\n',
    'config/scenarios/a.yaml': scenario('short'),
    'config/scenarios/b.yaml': scenario('package'),
    'config/scenarios/c.yaml': scenario('path'),
    'cloudbench.config.mjs': `export default {
      environment: ['marked'],
      reporters: ['lines', './plugins/said.mjs', ['json', { stdout: false }],
        { onRunEnd: ({ scenarios }) => process.stderr.write('inline ' + scenarios.length + '\\n') }],
    }`,
  })
  const { code, stderr } = await cloudbench([], { cwd })
  expect(code, stderr).toBe(0)
  for (const [id, driverName] of [
    ['a', 'echo'],
    ['b', 'acme'],
    ['c', 'mine'],
  ])
    for (const by of ['lines', 'said'])
      expect(stderr).toContain(`[${by}] ${id} by ${driverName} {"marked":{"mark":"yes"}}`)
  expect(stderr).toContain('inline 3')

  const flags = await cloudbench(
    [
      'a',
      '--environment',
      'cloudbench-environment-marked',
      '--reporter',
      'lines',
      '--reporter',
      './plugins/said.mjs',
    ],
    { cwd },
  )
  expect(flags.code, flags.stderr).toBe(0)
  expect(flags.stderr).toContain('[lines] a by echo {"marked":{"mark":"yes"}}')
  expect(flags.stderr).toContain('[said] a by echo')
  expect(flags.stderr).not.toContain('inline')
})

test('`plugins` prints what is installed and used, with versions, and ends with 2 when one is missing', async () => {
  const cwd = await folder({
    ...installed,
    'config/targets/short.yaml': 'driver: echo\n',
    'config/scenarios/a.yaml': scenario('short'),
  })
  const listed = await cloudbench(['plugins'], { cwd })
  expect(listed.stdout).toMatch(/✓ +driver +echo +1\.2\.3 .*used by targets\.short/)
  expect(listed.code).toBe(0)
  const missing = await cloudbench(['plugins', '--set', 'targets.short.driver=nats', '--json'], { cwd })
  const items = JSON.parse(missing.stdout) as { specifier: string; problem: string | null }[]
  expect(items.find(({ specifier }) => specifier === 'nats')!.problem).toContain('"nats" was not found')
  expect(missing.code).toBe(2)
})

test('a plugin of another kind, of another contract, or with refused options ends the run before any load', async () => {
  const cwd = await folder({
    ...installed,
    'plugins/old.mjs': `export default { name: 'old', [Symbol.for('cloudbench.plugin')]: { kind: 'driver', api: 99 } }`,
    'plugins/throws.mjs': `throw new Error('at import')`,
    'config/targets/server.yaml': 'driver: echo\n',
    'config/scenarios/a.yaml': scenario('server'),
  })
  const refusals = [
    ['cloudbench-reporter-lines', /CB_PLUGIN_KIND.*exports a reporter, but is used as a driver/s],
    ['./plugins/old.mjs', /CB_PLUGIN_API.*99/s],
    ['./plugins/throws.mjs', /at import/],
    ['./plugins/none.mjs', /CB_PLUGIN_NOT_FOUND/],
  ] as const
  for (const [written, message] of refusals) {
    const { code, stderr } = await cloudbench(['a', '--set', `targets.server.driver=${written}`], { cwd })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('this is a bug')
    expect(code).toBe(2)
  }
  const { code, stderr } = await cloudbench(['a', '--reporter', '[json, {fiel: x}]'], { cwd })
  expect(stderr).toMatch(/json.*fiel/)
  expect(code).toBe(2)
})
