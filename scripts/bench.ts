/**
 * Runs every benchmark after another, or those that are named: `pnpm bench [host] [start-up] [redis] …`. `--rounds 9`
 * measures every row as often as that, in place of five times.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus, release, type } from 'node:os'
import { parseArgs } from 'node:util'
import { pluginPackages } from './manifests.ts'

const benchmarks: Readonly<Record<string, string>> = {
  host: 'packages/core/bench/main.ts',
  log: 'packages/core/bench/log.ts',
  'start-up': 'packages/cloudbench/bench/start-up.ts',
  trace: 'packages/core/bench/trace.ts',
  watching: 'packages/cloudbench/bench/watching.ts',
  throttling: 'packages/cloudbench/bench/throttling.ts',
  reporters: 'packages/cloudbench/bench/reporters.ts',
  ...Object.fromEntries(
    pluginPackages()
      .map(({ cloudbench, folder }) => [cloudbench.name, `${folder}/bench/issue.ts`] as const)
      .filter(([, file]) => existsSync(file)),
  ),
}

const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
})
if (!/^[1-9]\d*$/.test(values.rounds)) refuse(`--rounds takes a number of rounds, not ${values.rounds}`)
for (const name of wanted)
  if (!Object.hasOwn(benchmarks, name))
    refuse(`there is no benchmark of the name ${name}; there are ${Object.keys(benchmarks).join(', ')}`)

const processors = cpus()
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${processors.length} × ${processors[0]?.model ?? 'unknown CPU'}, ${type()} ${release()}, Node.js ${process.versions.node}`,
)
for (const [name, file] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n# ${name}\n`)
  const args = ['--conditions=@cloudbench/source', file, '--rounds', values.rounds]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

function refuse(what: string): never {
  console.error(what)
  process.exit(2)
}
