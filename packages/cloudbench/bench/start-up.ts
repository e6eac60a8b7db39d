import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchHeader, printCells } from '@cloudbench/fixtures/bench/row'

// from a command to its end, as built and with what Node has compiled before: `node bench/start-up.ts`, after a build.
// The ways take turns and the fastest round counts; Node itself is timed beside them, because times depend on the machine.

const program = fileURLToPath(new URL('../bin/cloudbench.js', import.meta.url))
const rounds = 15
const ownName = 'node -e 0'
interface Command {
  readonly args: readonly string[]
  readonly goalMs?: number
}
const commands: Readonly<Record<string, Command>> = {
  [ownName]: { args: ['-e', '0'] },
  'cloudbench --version': { args: [program, '--version'] },
  'cloudbench list': { args: [program, 'list'], goalMs: 120 },
  // this starts two more processes: the loopback server and a worker
  'a run of 10 ms, to its result': {
    args: [program, 'http-json-api', '--duration', '10ms', '--warmup', '0s', '--reporter', 'json'],
    goalMs: 450,
  },
}

const cwd = mkdtempSync(join(tmpdir(), 'cloudbench-start-up-'))
const env = { ...process.env, NODE_COMPILE_CACHE: join(cwd, 'compiled') }
const times: Record<string, number[]> = {}
// the first round fills the cache
for (let round = 0; round <= rounds; round++)
  for (const [name, { args }] of Object.entries(commands)) {
    const startMs = performance.now()
    const { status } = spawnSync(process.execPath, args, { cwd, env, stdio: 'ignore' })
    if (status !== 0) throw new Error(`${name} ended with ${status}`)
    if (round > 0) (times[name] ??= []).push(performance.now() - startMs)
  }
rmSync(cwd, { recursive: true, force: true })

const nodeMs = Math.min(...times[ownName]!)
benchHeader()
for (const [name, { goalMs }] of Object.entries(commands)) {
  if (name === ownName) continue
  const ms = Math.min(...times[name]!)
  const ratios = times[name]!.map((own, at) => own / times[ownName]![at]!)
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  printCells([
    name,
    `${ms.toFixed(0)} ms`,
    ownName,
    `${nodeMs.toFixed(0)} ms`,
    `${(ms / nodeMs).toFixed(2)} (${spread})`,
    goalMs === undefined ? '' : `≤ ${goalMs} ms`,
    goalMs === undefined ? '' : ms <= goalMs ? 'reached' : 'missed',
  ])
}
