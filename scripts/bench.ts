/** Runs every benchmark after another, or those that are named: `pnpm bench [host] [start-up] [redis] [http]`. */
import { spawnSync } from 'node:child_process'

const benchmarks: Readonly<Record<string, string>> = {
  host: 'packages/core/bench/main.ts',
  'start-up': 'packages/cloudbench/bench/start-up.ts',
  http: 'plugins/driver-http/bench/issue.ts',
  redis: 'plugins/driver-redis/bench/issue.ts',
  postgres: 'plugins/driver-postgres/bench/issue.ts',
  kafka: 'plugins/driver-kafka/bench/issue.ts',
  grpc: 'plugins/driver-grpc/bench/issue.ts',
  amqp: 'plugins/driver-amqp/bench/issue.ts',
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
