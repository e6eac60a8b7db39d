import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'

/** A server of its own, and two clients for it, of which one is a library that is installed, and a third is not. */
const driver = `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'twins',
  clients: {
    wire: {},
    library: { package: 'acme-client' },
    other: { package: 'other-client', isOptional: true },
  },
  options: {
    '~standard': {
      version: 1,
      vendor: 'twins',
      validate: ({ client = 'wire' }) => ({ value: { client } }),
    },
  },
  connect({ outcome, options }) {
    const ok = outcome(options.client)
    return { request: async () => ok, close() {} }
  },
  loopback: () => ({ target: 'twins://loopback', close() {} }),
})`

const files = {
  'node_modules/cloudbench-driver-twins/package.json': JSON.stringify({
    name: 'cloudbench-driver-twins',
    type: 'module',
    exports: './index.js',
  }),
  'node_modules/cloudbench-driver-twins/index.js': driver,
  'node_modules/acme-client/package.json': JSON.stringify({
    name: 'acme-client',
    version: '4.5.6',
    exports: './index.js',
  }),
  'node_modules/acme-client/index.js': '',
}
const run = 'run lanes --set targets.lanes.driver=twins --duration 500ms --warmup 0s'

test('`run lanes` runs the clients of any driver one after another, and says what each costs', async () => {
  const cwd = await folder(files)
  const { code, stdout, stderr } = await cloudbench(typed(run), { cwd })
  expect(stderr).toContain('[lanes] client other is left out: npm install --save-dev other-client')
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^lanes: what each client costs, beside wire$/m)
  expect(stdout).toMatch(/^\| wire +\| +[\d.]+ [nµ]s \|/m)
  expect(stdout).toMatch(/^\| library 4\.5\.6 \| +[\d.]+ [nµ]s \([\d.]+×\) \|/m)

  const [file] = (await readdir(`${cwd}/.cloudbench`)) as [string]
  const result = JSON.parse(await readFile(`${cwd}/.cloudbench/${file}`, 'utf8')) as {
    scenarios: {
      scenario: string
      cpu_us_per_request: number
      definition: { comparison: string; flows: [object] }
    }[]
  }
  expect(result.scenarios.map(({ scenario }) => scenario)).toEqual(['lanes (wire)', 'lanes (library)'])
  for (const { cpu_us_per_request: cpuUs, definition } of result.scenarios) {
    expect(cpuUs).toBeGreaterThan(0)
    expect(definition.comparison).toBe('lanes')
  }
  expect(result.scenarios[1]!.definition.flows[0]).toMatchObject({
    client: { name: 'library', version: '4.5.6' },
  })

  const report = await cloudbench(['report', `.cloudbench/${file}`, '--reporter', 'default'], { cwd })
  expect(report.stdout).toContain('lanes: what each client costs, beside wire')
})

test('those that are named are compared, and nothing is left out of them', async () => {
  const cwd = await folder(files)
  const named = (clients: string) =>
    cloudbench([...typed(run), '--set', `scenarios.lanes.clients=${clients}`, '--reporter', 'json'], { cwd })
  const { stdout } = await named('[library]')
  expect(stdout.trimEnd().split('\n')).toEqual([expect.stringContaining('"scenario":"lanes (library)"')])
  const { code, stderr } = await named('[wire, other]')
  expect(code).toBe(2)
  expect(stderr).toContain('CB_CLIENT_NOT_FOUND')
  expect(stderr).toContain('npm install --save-dev other-client')
})

test('`plugins` says which clients a driver has', async () => {
  const cwd = await folder({ ...files, 'package.json': '{"dependencies":{"cloudbench-driver-twins":"1"}}' })
  const { stdout } = await cloudbench(typed('plugins --set targets.lanes.driver=twins'), { cwd })
  expect(stdout).toMatch(/twins .*clients: wire, library, other/)
})
