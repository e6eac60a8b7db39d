import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// time to the first output, as built: `node bench/start-up.ts`, after a build.
// The ways take turns and the fastest round counts; Node itself is timed too, because absolute times depend on the machine.

const program = fileURLToPath(new URL('../bin/cloudbench.js', import.meta.url))
const rounds = 15
const ways = {
  'node -e 0': ['-e', '0'],
  'cloudbench --version': [program, '--version'],
  'cloudbench --help': [program, '--help'],
  'cloudbench list': [program, 'list'],
  // this starts two more processes: the loopback server and a worker
  'a run of 10 ms': [program, 'http-json-api', '--duration', '10ms', '--warmup', '0s', '--reporter', 'json'],
} as const

const cwd = mkdtempSync(join(tmpdir(), 'cloudbench-start-up-'))
const least: Record<string, number> = {}
for (let round = 0; round < rounds; round++)
  for (const [name, args] of Object.entries(ways)) {
    const startMs = performance.now()
    const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'ignore' })
    if (status !== 0) throw new Error(`${name} ended with ${status}`)
    least[name] = Math.min(least[name] ?? Infinity, performance.now() - startMs)
  }
const node = least['node -e 0']!
for (const [name, ms] of Object.entries(least))
  console.log(`${name}: ${ms.toFixed(0)} ms, ${(ms / node).toFixed(2)} × node`)
rmSync(cwd, { recursive: true, force: true })
