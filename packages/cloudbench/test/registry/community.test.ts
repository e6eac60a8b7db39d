import { once } from 'node:events'
import { connect } from 'node:net'
import { greeter } from '@cloudbench/fixtures/greeter'
import { expect, test } from 'vitest'
import { cloudbench, folder } from '../support/cli.ts'

const field = {
  kind: 'driver',
  name: 'oranges',
  target: { name: 'orchard' },
  scenarios: {
    'oranges-pick': { description: 'picks one a time', workload: 'pick', rate: '50/s', connections: 1 },
  },
}

const driver = `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'oranges',
  workloads: {
    pick: {
      connect({ outcome }) {
        const ok = outcome('ok')
        return { request: async () => ok, close() {} }
      },
    },
  },
  loopback: () => ({ target: 'oranges://loopback', close() {} }),
})`

/** A project that npm has installed this package into. */
function project(
  cloudbenchField: unknown,
  { name = 'acme-oranges', depends = true } = {},
): Record<string, string> {
  return {
    'package.json': JSON.stringify({
      devDependencies: depends ? { [name]: '^1.0.0', absent: '^1.0.0' } : {},
    }),
    [`node_modules/${name}/package.json`]: JSON.stringify({
      name,
      version: '1.2.3',
      type: 'module',
      exports: './index.js',
      cloudbench: cloudbenchField,
    }),
    [`node_modules/${name}/index.js`]: driver,
  }
}

test('a driver that the project depends on adds its scenarios, under its short name, whatever its package is called', async () => {
  const cwd = await folder(project(field))
  const listed = await cloudbench(['list'], { cwd })
  expect(listed.stdout, listed.stderr).toContain(
    'oranges-pick\n  picks one a time\n  oranges pick → orchard (auto), 50/s, 1 connection\n',
  )
  const plugins = await cloudbench(['plugins'], { cwd })
  expect(plugins.stdout).toMatch(/✓ +driver +oranges +1\.2\.3 .*used by targets\.orchard/)
  const ran = await cloudbench(
    ['oranges-pick', '--duration', '200ms', '--warmup', '0s', '--reporter', 'json'],
    { cwd },
  )
  expect(ran.code, ran.stderr).toBe(0)
  expect(JSON.parse(ran.stdout)).toMatchObject({ scenario: 'oranges-pick', requests: 10, exit: 0 })
})

test('the project of a folder below it, and of a configuration elsewhere, is the nearest package.json above', async () => {
  const cwd = await folder({
    ...project(field),
    'deep/down/cloudbench.config.json': '{}',
    'other/package.json': '{}',
  })
  const below = await cloudbench(['list'], { cwd: `${cwd}/deep/down` })
  expect(below.stdout, below.stderr).toContain('oranges-pick')
  const other = await cloudbench(['list'], { cwd: `${cwd}/other` })
  expect(other.stdout).not.toContain('oranges-pick')
  const chosen = await cloudbench(['list', '--config', '../deep/down/cloudbench.config.json'], {
    cwd: `${cwd}/other`,
  })
  expect(chosen.stdout).toContain('oranges-pick')
})

test('a package in node_modules that is not a dependency of the project adds nothing', async () => {
  const { code, stdout } = await cloudbench(['list'], {
    cwd: await folder(project(field, { depends: false })),
  })
  expect(stdout).not.toContain('oranges')
  expect(code).toBe(0)
})

test('its own service is started for a run, and gone afterwards', async () => {
  const cwd = await folder({
    ...project({ ...field, service: './service.js' }),
    'node_modules/acme-oranges/service.js': greeter,
  })
  const { code, stderr } = await cloudbench(
    ['oranges-pick', '--duration', '200ms', '--warmup', '0s', '--reporter', 'json'],
    // without Docker
    { cwd, env: { PATH: cwd } },
  )
  expect(code, stderr).toBe(0)
  const [, port] = /^target orchard: greet:\/\/127\.0\.0\.1:(\d+), started for this run$/m.exec(stderr) ?? []
  expect(port, stderr).toBeDefined()
  await expect(connected(Number(port))).rejects.toThrow('ECONNREFUSED')
})

test('a service that is not defined, or does not exist, is an error, not a loopback', async () => {
  const wrong = { 'node_modules/acme-oranges/service.js': 'export default { defaultPort: 1 }' }
  const cwd = await folder({ ...project({ ...field, service: './service.js' }), ...wrong })
  const undefinedService = await cloudbench(['oranges-pick'], { cwd })
  expect(undefinedService.stdout).toContain(
    'the service oranges is not defined by its module: url is no function',
  )
  expect(undefinedService.code).toBe(2)
  const unknown = await cloudbench(['oranges-pick'], {
    cwd: await folder(project({ ...field, service: 'reddis' })),
  })
  expect(unknown.stdout).toContain('CB_PLUGIN_MANIFEST: acme-oranges names the service reddis')
  expect(unknown.stdout).toContain('did you mean redis?')
  expect(unknown.code).toBe(2)
})

async function connected(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

test.for([
  ['an unknown kind', { ...field, kind: 'drvier' }, /cloudbench\.kind: Invalid/],
  ['an unknown key', { ...field, scenario: {} }, /cloudbench: Unrecognized key: "scenario"/],
  [
    'a scenario with a rate that cannot be read',
    { ...field, scenarios: { pick: { rate: 'much' } } },
    /cloudbench\.scenarios\.pick\.rate: /,
  ],
  [
    'a scenario on the target of another package',
    { ...field, scenarios: { pick: { target: 'redis' } } },
    /cloudbench\.scenarios\.pick: Unrecognized key: "target"/,
  ],
  [
    'the name of a driver of ours',
    { ...field, name: 'redis' },
    /driver-redis and acme-oranges both define driver redis/,
  ],
  [
    'the target of a driver of ours',
    { ...field, target: { name: 'host' } },
    /driver-micro and acme-oranges both define the target host/,
  ],
  [
    'the scenario of a driver of ours',
    { ...field, scenarios: { 'http-json-api': {} } },
    /driver-http and acme-oranges both define the scenario http-json-api/,
  ],
] as const)('a package with %s is refused by name', async ([, wrong, message]) => {
  const { code, stderr } = await cloudbench(['list'], { cwd: await folder(project(wrong)) })
  expect(stderr).toMatch(/^CB_PLUGIN_MANIFEST: .*acme-oranges/)
  expect(stderr).toMatch(message)
  expect(code).toBe(2)
})
