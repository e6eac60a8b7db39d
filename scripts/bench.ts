/** Runs every benchmark after another, or those that are named: `pnpm bench [host] [start-up] [redis] [http]`. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { pluginPackages } from './manifests.ts'

const benchmarks: Readonly<Record<string, string>> = {
  host: 'packages/core/bench/main.ts',
  'start-up': 'packages/cloudbench/bench/start-up.ts',
  ...Object.fromEntries(
    pluginPackages()
      .map(({ cloudbench, folder }) => [cloudbench.name, `${folder}/bench/issue.ts`] as const)
      .filter(([, file]) => existsSync(file)),
  ),
}

const wanted = process.argv.slice(2)
for (const name of wanted)
  if (!Object.hasOwn(benchmarks, name)) {
    console.error(`there is no benchmark of that name; there are ${Object.keys(benchmarks).join(', ')}`)
    process.exit(2)
  }
for (const [name, file] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n# ${name}`)
  const { status } = spawnSync(process.execPath, ['--conditions=@cloudbench/source', file], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
