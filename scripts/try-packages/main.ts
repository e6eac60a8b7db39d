/**
 * Installs the packages as users do, with plain npm in empty folders outside the repository: from tarballs, and from a
 * registry on loopback, together with a plugin from another publisher. Then runs them.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pluginPackages } from '../manifests.ts'
import { must, run, type Ended } from './command.ts'
import { startRegistry } from './registry.ts'

const root = await mkdtemp(join(tmpdir(), 'cloudbench-try-'))
// nothing that the machine has cached may help, and no service that it happens to run
const env = { npm_config_cache: join(root, 'cache'), npm_config_update_notifier: 'false', NO_COLOR: '1' }
const quiet = ['--no-audit', '--no-fund']
const short = ['--duration', '300ms', '--warmup', '0s', '--reporter', 'json']
let failures = 0

async function folder(name: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = join(root, name)
  for (const [file, text] of Object.entries({ 'package.json': '{ "private": true }', ...files })) {
    await mkdir(dirname(join(path, file)), { recursive: true })
    await writeFile(join(path, file), text)
  }
  return path
}

/** One claim about installed packages. */
function claim(name: string, holds: boolean, evidence: Ended): void {
  console.log(`${holds ? '✓' : '✗'} ${name}`)
  if (holds) return
  failures++
  console.error(`exit code ${evidence.code}\n${evidence.stdout}${evidence.stderr}`)
}

const measured = ({ code, stdout }: Ended, scenarios: number): boolean => {
  const lines = stdout.trim().split('\n')
  return (
    code === 0 &&
    lines.length === scenarios &&
    lines.every((line) => (JSON.parse(line) as { requests: number }).requests > 0)
  )
}

const cloudbench = (cwd: string, ...args: string[]): Promise<Ended> =>
  run('npx', ['--no-install', 'cloudbench', ...args], { cwd, env })

const scenario = 'target: http\nworkload: request\nrate: 100/s\n'
const configurations = {
  'cloudbench.config.ts': {
    'cloudbench.config.ts': `import { defineConfig } from 'cloudbench'
export default defineConfig({ scenarios: { mine: { target: 'http', workload: 'request', rate: '100/s' as const } } })`,
  },
  'cloudbench.config.mjs': {
    'cloudbench.config.mjs': `export default { scenarios: { mine: { target: 'http', workload: 'request', rate: '100/s' } } }`,
  },
  'YAML only': { 'config/scenarios/mine.yaml': scenario },
}

interface Packed {
  readonly name: string
  readonly filename: string
}

const drivers = pluginPackages().filter((plugin) => plugin.cloudbench.kind === 'driver')
const scenarios = drivers.flatMap((driver) => Object.keys(driver.cloudbench.scenarios ?? {})).length
/** Every protocol, without a service: what is tried is what is in the packages. */
const onLoopback = drivers
  .map((driver) => driver.cloudbench)
  .filter(({ target }) => target?.url === undefined)
  .flatMap(({ name, target }) => ['--set', `targets.${target?.name ?? name}.url=loopback`])

/** What the core, drivers and environments are made of. */
const comeWithOthers: ReadonlySet<string> = new Set(
  ['driver-kit', 'environment-kit', 'instance-types', 'schema', 'stats'].map((name) => `@cloudbench/${name}`),
)

async function tryTarballs(): Promise<string> {
  const tarballs = join(root, 'tarballs')
  const packed = await must('pnpm', ['--recursive', 'pack', '--json', '--pack-destination', tarballs], {
    cwd: process.cwd(),
  })
  const all = JSON.parse(packed) as Packed[]
  const manifest = await readFile('packages/cloudbench/package.json', 'utf8')
  // what ships with `cloudbench`, and nothing that has to be added
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> }
  const files = all
    .filter(({ name }) => name === 'cloudbench' || name in dependencies || comeWithOthers.has(name))
    .map(({ filename }) => filename)
  const cwd = await folder('from-tarballs')
  await must('npm', ['install', ...quiet, ...files], { cwd, env })
  const defaults = await cloudbench(cwd, ...short)
  claim('from tarballs, the default scenarios run', measured(defaults, 2), defaults)
  claim(
    'those that need another driver are left out, with the line that installs it',
    defaults.stderr.includes('kafka-produce is left out: npm install --save-dev @cloudbench/driver-kafka'),
    defaults,
  )
  const page = await cloudbench(cwd, 'run', '--ui', ...short)
  claim(
    'a live page without its reporter is refused, with the line that installs it',
    page.code === 2 && page.stderr.includes('npm install --save-dev @cloudbench/reporter-html'),
    page,
  )
  for (const [name, written] of Object.entries(configurations)) {
    await folder('from-tarballs', written)
    const own = await cloudbench(cwd, 'run', ...short)
    claim(`from tarballs, with ${name}`, measured(own, 1) && own.stdout.includes('"mine"'), own)
    for (const file of Object.keys(written)) await rm(join(cwd, file))
  }
  const whole = await folder('all-from-tarballs')
  await must('npm', ['install', ...quiet, '--ignore-scripts', ...all.map(({ filename }) => filename)], {
    cwd: whole,
    env,
  })
  const everything = await cloudbench(whole, ...short, ...onLoopback)
  claim(
    'from tarballs, with every package, every default scenario runs',
    measured(everything, scenarios),
    everything,
  )
  return cwd
}

async function tryNodes(installed: string): Promise<void> {
  const program = join(installed, 'node_modules/cloudbench/bin/cloudbench.js')
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  for (const version of ['22.19.0', '24', 'latest', '20']) {
    const cwd = await folder(`node-${version}`)
    await must('npm', ['install', ...quiet, '--ignore-scripts', `${platform}@${version}`], { cwd, env })
    const node = join(cwd, 'node_modules', platform, 'bin/node')
    const ended = await run(node, [program, 'http-json-api', ...short], { cwd, env })
    if (version === '20')
      claim(
        'on Node 20, one line says what is needed, and 2',
        ended.code === 2 &&
          /^cloudbench needs Node\.js 22\.19 or newer, this is 20\.[^\n]*\n$/.test(ended.stderr),
        ended,
      )
    else claim(`on Node ${version}`, measured(ended, 1), ended)
  }
}

/** Somebody else's plugin: a folder of its own, published under its own name. */
const community = {
  'package.json': JSON.stringify({
    name: 'cloudbench-driver-echo',
    version: '1.2.3',
    type: 'module',
    exports: './index.js',
    peerDependencies: { '@cloudbench/core': '*' },
  }),
  'index.js': `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'echo',
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close() {} }
  },
  loopback: () => ({ target: 'echo://loopback', close() {} }),
})`,
}

async function tryRegistry(): Promise<void> {
  const registry = await startRegistry(join(root, 'registry'))
  const at = { ...env, npm_config_registry: registry.url }
  try {
    const flags = ['--recursive', 'publish', '--no-git-checks', '--registry', registry.url]
    await must('pnpm', flags, { cwd: process.cwd() })
    await must('npm', ['publish', registry.token], { cwd: await folder('community', community), env: at })

    const empty = await folder('npx')
    const once = await run('npx', ['--yes', 'cloudbench', ...short], { cwd: empty, env: at })
    claim('npx cloudbench runs the default scenarios in an empty folder', measured(once, 2), once)

    await tryPage(await folder('page'), at)

    const cwd = await folder('from-registry', {
      'config/targets/echo.yaml': 'driver: echo\n',
      'config/scenarios/echo.yaml': 'target: echo\nrate: 100/s\n',
    })
    await must('npm', ['install', ...quiet, 'cloudbench', 'cloudbench-driver-echo'], { cwd, env: at })
    const echo = await cloudbench(cwd, 'run', 'echo', ...short)
    claim('a plugin from another publisher is found by its name', measured(echo, 1), echo)
    const listed = await cloudbench(cwd, 'plugins')
    claim(
      '`cloudbench plugins` lists what came along, and what was added',
      listed.code === 0 &&
        ['http', 'redis', 'default', 'json', 'echo'].every((name) => listed.stdout.includes(name)),
      listed,
    )
    const whole = await folder('all-from-registry')
    const names = ['cloudbench', '@cloudbench/testkit', ...drivers.map(({ name }) => name)]
    await must('npm', ['install', ...quiet, '--ignore-scripts', ...names], { cwd: whole, env: at })
    const everything = await cloudbench(whole, ...short, ...onLoopback)
    claim(
      'from the registry, with every driver, every default scenario runs',
      measured(everything, scenarios),
      everything,
    )
    const missing = await cloudbench(cwd, 'run', 'echo', '--set', 'targets.echo.driver=postgres', ...short)
    claim(
      'a missing plugin of ours comes with the line that installs it',
      missing.code === 2 && missing.stderr.includes('npm install --save-dev @cloudbench/driver-postgres'),
      missing,
    )
  } finally {
    registry.close()
  }
}

/** What a person does who wants to see a run. */
async function tryPage(cwd: string, at: Readonly<Record<string, string>>): Promise<void> {
  await must('npm', ['install', ...quiet, 'cloudbench', '@cloudbench/reporter-html'], { cwd, env: at })
  const ran = await cloudbench(cwd, 'run', '--ui', '--reporter', 'html=page.html', ...short)
  const page = await readFile(join(cwd, 'page.html'), 'utf8').catch(() => '')
  const isWhole = ['http-json-api', '<table>', 'uPlot', '</html>'].every((part) => page.includes(part))
  claim(
    'npm i cloudbench @cloudbench/reporter-html, a run, a page',
    measured(ran, 2) && isWhole && /live: http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/\n/.test(ran.stderr),
    ran,
  )
}

try {
  await tryNodes(await tryTarballs())
  await tryRegistry()
} finally {
  await rm(root, { recursive: true, force: true })
}
console.log(failures === 0 ? 'packages: all claims hold' : `packages: ${failures} claims do not hold`)
process.exitCode = failures === 0 ? 0 : 1
