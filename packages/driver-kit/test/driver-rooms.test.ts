import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// one layout for every driver, as docs/architecture.md draws it: who knows one of them finds any line of another.

const plugins = fileURLToPath(new URL('../../../plugins', import.meta.url))
const drivers = readdirSync(plugins).filter((name) => name.startsWith('driver-'))

/** What may stand in `src`. A folder ends in a slash; what is required of every driver is listed below. */
const rooms = [
  'index.ts',
  'options.ts',
  'target.ts',
  'connect-error.ts',
  'outcomes.ts',
  'error-replies.ts',
  'clients.ts',
  'lanes/',
  'client.ts',
  'client/',
  'workloads/',
  'payload.ts',
  'payload/',
  'prepare.ts',
  'observe.ts',
  'audit/',
  'wire/',
  'loopback/',
]
const required = [
  'index.ts',
  'options.ts',
  'target.ts',
  'connect-error.ts',
  'outcomes.ts',
  'workloads/',
  'loopback/',
]
const requiredTests = ['conformance.test.ts', 'options.test.ts', 'connect-errors.test.ts', 'loopback.test.ts']
const tests = [
  ...requiredTests,
  'target.test.ts',
  'error-replies.test.ts',
  'lost-server.test.ts',
  'idle-close.test.ts',
  'audit.test.ts',
  'allocation.test.ts',
  'trace.test.ts',
  'fixtures/',
  'servers/',
]
const chapters = [
  'Install',
  'Use',
  'Workloads',
  'Options',
  'Clients',
  'Outcomes',
  'Counters',
  'Audit',
  'Loopback',
  // what carries it, or that nothing does
  'Trace context',
  'Limits',
]

function namesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => (statSync(`${folder}/${name}`).isDirectory() ? `${name}/` : name))
}

function workloadsOf(src: string): string[] {
  const index = readFileSync(`${src}/index.ts`, 'utf8')
  return Array.from(index.matchAll(/from '\.\/workloads\/([a-z0-9-]+)\.ts'/g), ([, name]) => name!)
}

/** What is out of place in a driver's folders, and what is missing. */
function faultsOf(src: readonly string[], test: readonly string[], workloads: readonly string[]): string[] {
  const allowedTests = new Set([
    ...tests,
    ...workloads.map((workload) => `${workload}.test.ts`),
    ...rooms.filter((name) => name.endsWith('/') && src.includes(name)),
    // a room of one file has a folder of tests where one does not do
    ...rooms.filter((name) => src.includes(name)).map((name) => `${name.replace('.ts', '')}/`),
  ])
  return [
    ...src.filter((name) => !rooms.includes(name)).map((name) => `src/${name} is no room`),
    ...required.filter((name) => !src.includes(name)).map((name) => `src/${name} is missing`),
    ...test.filter((name) => !allowedTests.has(name)).map((name) => `test/${name} is no room`),
    ...[...requiredTests, ...workloads.map((workload) => `${workload}.test.ts`)]
      .filter((name) => !test.includes(name))
      .map((name) => `test/${name} is missing`),
  ]
}

describe.each(drivers)('%s', (driver) => {
  const src = `${plugins}/${driver}/src`

  it('has the rooms of all drivers, and no other', () => {
    expect(faultsOf(namesIn(src), namesIn(`${plugins}/${driver}/test`), workloadsOf(src))).toEqual([])
  })

  it('keeps each workload in a file of its name, its ledger and audit together, and its server in loopback', () => {
    expect(workloadsOf(src)).not.toEqual([])
    for (const workload of workloadsOf(src))
      expect(readFileSync(`${src}/workloads/${workload}.ts`, 'utf8')).toContain('defineWorkload(')
    expect(namesIn(`${src}/loopback`)).toContain('server.ts')
    if (namesIn(src).includes('audit/'))
      expect(namesIn(`${src}/audit`)).toEqual(expect.arrayContaining(['audit.ts', 'ledger.ts']))
  })

  it('has a README with the chapters of all drivers', () => {
    const readme = readFileSync(`${plugins}/${driver}/README.md`, 'utf8')
    const hasClients = namesIn(src).includes('clients.ts')
    expect(Array.from(readme.matchAll(/^## (.+)$/gm), ([, title]) => title)).toEqual(
      chapters.filter((chapter) => chapter !== 'Clients' || hasClients),
    )
  })

  it('exports its driver and its manifest, and nothing else', () => {
    const manifest = JSON.parse(readFileSync(`${plugins}/${driver}/package.json`, 'utf8')) as {
      exports: Record<string, unknown>
    }
    expect(Object.keys(manifest.exports)).toEqual(['.', './package.json'])
  })
})

it('a file out of place, a missing room and an untested workload are found', () => {
  const src = [...required.filter((name) => name !== 'outcomes.ts'), 'utils.ts']
  expect(faultsOf(src, [...requiredTests, 'flow.ts'], ['read'])).toEqual([
    'src/utils.ts is no room',
    'src/outcomes.ts is missing',
    'test/flow.ts is no room',
    'test/read.test.ts is missing',
  ])
})
