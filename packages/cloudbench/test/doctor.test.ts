import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

/** Nothing to start, and an environment of its own. */
const project = (environment: string, more: Readonly<Record<string, string>> = {}) => ({
  'echo.mjs': `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'echo',
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close() {} }
  },
})`,
  'here.mjs': `import { defineEnvironment } from '@cloudbench/core'
export default defineEnvironment({ name: 'here', ${environment} })`,
  'config/targets/here.yaml': 'driver: ./echo.mjs\nurl: echo://here\n',
  'config/scenarios/reads.yaml': 'target: here\nrate: 50/s\n',
  'cloudbench.config.mjs': "export default { environment: ['./here.mjs'] }",
  ...more,
})

const derives = `discover: () => ({ 'cpu.count': 3 }),
  derive: ({ facts }) => [
    { path: 'defaults.workers', value: facts.here['cpu.count'], reason: '3 CPUs' },
    { path: 'defaults.connections', value: 7, reason: 'luck' },
  ],
  launch: ({ env, worker }) => { if (worker.index === 1) env.SECOND = 'yes' }`
const advises = (state: string): string =>
  `advise: () => [{ what: 'it is slow', why: 'numbers suffer', how: 'buy another', state: '${state}',
    change: { setting: 'a.b', from: '1', to: '2', isAsked: false } }]`

async function doctor(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const cwd = await folder(files)
  return await cloudbench(['doctor', ...args], { cwd, env: { TMPDIR: cwd, XDG_STATE_HOME: cwd } })
}

test('`doctor` finds nothing wrong with a folder without configuration', { timeout: 120_000 }, async () => {
  const { code, stdout } = await doctor({})
  expect(stdout).toMatch(/✓ Node\.js \d+/)
  expect(stdout).toMatch(/✓ \d+ plugins can be loaded/)
  expect(stdout).toMatch(/✓ configuration \(built-in, no file\), 8 scenarios to run/)
  expect(stdout).toMatch(/\d+ ok, \d+ doubtful, 0 failed\n$/)
  expect(code).toBe(0)
})

test('`doctor` names what makes runs impossible, and what to do', async () => {
  const { code, stdout } = await doctor({
    'config/targets/x.yaml': 'driver: nats\n',
    'config/scenarios/y.yaml': 'target: x\nrate: 5 apples\n',
  })
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/✗ .*"5 apples" is not a rate/)
  expect(code).toBe(2)
})

test('it has facts of every environment that is bundled, and asks the one that uses the network only by name', async () => {
  const { stdout } = await doctor(project(derives))
  expect(stdout).toMatch(/^machine +os\.type +\w+$/m)
  expect(stdout).toMatch(/^here +cpu\.count +3$/m)
  expect(stdout).toMatch(/^memory +\S+/m)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'imds was not asked, since it sends requests over the network: cloudbench doctor --environment imds',
  )
})

test('it says what is derived, what wins over it, and how workers would be started', async () => {
  const { stdout, code } = await doctor(
    project(derives, { 'config/baseline/default.yaml': 'defaults: { connections: 12 }\n' }),
  )
  expect(stdout).toContain('here  defaults.workers=3: 3 CPUs\n')
  expect(stdout).toMatch(
    /here {2}defaults\.connections=7: luck; config\/baseline\/default\.yaml:1:\d+ wins over/,
  )
  expect(stdout).toMatch(/^worker 0, 2 +core: execArgv \+= --expose-gc/m)
  expect(stdout).toMatch(/^worker 1 +core: execArgv \+= --expose-gc.*\n +here: env SECOND=yes$/m)
  expect(code).toBe(0)
})

test.each([
  ['note', '· it is slow (here)', 0],
  ['doubtful', '! it is slow (here)', 1],
])('advice that is a %s is printed with its reason, and no reason to fail', async (state, line, doubtful) => {
  const { stdout, code } = await doctor(project(advises(state)))
  expect(stdout).toContain(`${line}\n  numbers suffer\n  → buy another\n`)
  expect(stdout).toContain('· would set a.b from 1 to 2 (here)\n')
  const counted = Number(/(\d+) doubtful, 0 failed\n$/.exec(stdout)?.[1])
  expect(counted).toBe((stdout.match(/^! /gm) ?? []).length)
  expect(counted).toBeGreaterThanOrEqual(doubtful)
  expect(code).toBe(0)
})

test('what is asked for is said as what a run does', async () => {
  const asked = advises('note').replace('isAsked: false', 'isAsked: true')
  const { stdout } = await doctor(project(asked))
  expect(stdout).toContain('· it is slow (here)\n  numbers suffer\n  → a run sets it\n')
  expect(stdout).toContain('· a run sets a.b from 1 to 2, and puts it back (here)\n')
})

test('it says which signals can be sampled, by which environment, and why others cannot', async () => {
  const watch = `watch: () => ({
    signals: { 'cpu.credits': 'gauge', 'clock.driftPpm': 'gauge' },
    missing: { 'cpu.frequencyHz': 'this machine does not say it' },
    read: () => ({ 'cpu.credits': 5 }),
    close() {},
  })`
  const { stdout } = await doctor(project(watch))
  expect(stdout).toMatch(/^Signals: \d+ of the \d+ that the verdict reads can be sampled here$/m)
  expect(stdout).toMatch(/^✓ here +cpu\.credits; no value yet: clock\.driftPpm$/m)
  expect(stdout).toContain('? cpu.frequencyHz: here: this machine does not say it\n')
})

test('it fits eighty columns', async () => {
  const { stdout } = await doctor(project(derives))
  const long = stdout.split('\n').filter((line) => line.length > 80)
  // what has no space in it cannot be broken
  expect(long.filter((line) => / \S+ /.test(line.slice(20)))).toEqual([])
})

test('an environment that would end a run makes runs impossible, and the rest is still there', async () => {
  const broken = `derive() { throw new Error('no derivation today') },
  launch() { throw new Error('no worker today') }`
  const { stdout, code } = await doctor(project(broken))
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    '✗ configuration: [here] machine:derive: no derivation today',
  )
  expect(stdout).toContain('✗ [here] worker:launch: no worker today')
  expect(stdout.match(/no derivation today/g)).toHaveLength(1)
  expect(stdout).toMatch(/^Signals: /m)
  expect(code).toBe(2)
})

test('one that cannot be loaded, or refuses its options, does too', async () => {
  const options = {
    'cloudbench.config.mjs': "export default { environment: [['network', { applay: true }]] }",
  }
  const refused = await doctor(project(derives, options))
  expect(refused.stdout).toMatch(/✗ .*applay/)
  expect(refused.code).toBe(2)
  const gone = await doctor(project(derives, { 'here.mjs': 'export default 7' }))
  expect(gone.stdout).toMatch(/✗ .*here\.mjs/)
  expect(gone.code).toBe(2)
})

test('`--json` has the same, under keys that stay', async () => {
  const { stdout, code } = await doctor(project(`${derives}, ${advises('note')}`), '--json')
  const report = JSON.parse(stdout) as Record<string, any>
  expect(Object.keys(report)).toEqual([
    'version',
    'counts',
    'findings',
    'machine',
    'environments',
    'facts',
    'derived',
    'advice',
    'workers',
    'signals',
  ])
  expect(report['counts']).toEqual({
    good: expect.any(Number) as number,
    doubtful: expect.any(Number) as number,
    bad: 0,
  })
  expect(report['findings'][0]).toEqual({
    state: 'good',
    what: `Node.js ${process.versions.node}`,
    advice: null,
  })
  expect(report['environments']).toContainEqual({ name: 'here', isConfigured: true, isAsked: true })
  expect(report['environments']).toContainEqual({ name: 'imds', isConfigured: false, isAsked: false })
  expect(report['facts']).toMatchObject({
    machine: { 'cpu.count': expect.any(Number) as number },
    here: { 'cpu.count': 3 },
  })
  expect(report['derived'][0]).toEqual({
    environment: 'here',
    path: 'defaults.workers',
    value: 3,
    reason: '3 CPUs',
    isConfigured: true,
    overriddenBy: null,
  })
  expect(report['advice'][0]).toEqual({
    environment: 'here',
    state: 'note',
    what: 'it is slow',
    why: 'numbers suffer',
    how: 'buy another',
    change: { setting: 'a.b', from: '1', to: '2', isAsked: false },
  })
  expect(report['workers']).toHaveLength(3)
  expect(report['workers'][1]).toMatchObject({ env: { SECOND: 'yes' } })
  expect(report['signals']).toContainEqual({
    name: 'cpu.credits',
    kind: 'gauge',
    environment: null,
    hasValue: false,
    missing: expect.any(String) as string,
  })
  expect(code).toBe(0)
})

test('a secret of the configuration is on neither', async () => {
  const files = project(`advise: () => [{ what: 'echo://u:hunter2@here', why: 'x', how: 'y' }]`, {
    'config/targets/here.yaml': 'driver: ./echo.mjs\nurl: echo://u:hunter2@here\n',
  })
  expect((await doctor(files)).stdout).not.toContain('hunter2')
  expect((await doctor(files, '--json')).stdout).not.toContain('hunter2')
})
