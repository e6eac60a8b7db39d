import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { benchHeader, printCells, roundsAsked } from '@cloudbench/fixtures/bench/row'
import { startSink } from '@cloudbench/fixtures/sink'

// what reporters cost the generator: one run with all of them on at once beside one with a result file alone, in turns.
// The load comes at a rate that leaves the machine room, so that both send the same.

const goal = 1.03
const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const flags = ['--conditions=@cloudbench/source', '--disable-warning=ExperimentalWarning']
const folder = mkdtempSync(join(tmpdir(), 'cloudbench-reporters-'))
const sink = await startSink()
const file = ['json', { file: 'result.json', stdout: false }] as const
const others = [
  'default',
  'junit',
  'github',
  'markdown',
  'csv',
  'html',
  ['ndjson', { file: 'lines.ndjson' }],
  ['prometheus', { pushgateway: sink.url }],
  ['otel', { endpoint: sink.url }],
] as const
const ways = { none: [file], all: [file, ...others] }

/** CPU time of the worker per request, in microseconds. */
async function costOf(name: keyof typeof ways): Promise<number> {
  const output = join(folder, name)
  const config = join(folder, `${name}.config.mjs`)
  writeFileSync(
    config,
    `export default ${JSON.stringify({
      targets: { redis: { driver: 'redis', url: 'loopback' } },
      scenarios: { bench: { target: 'redis', rate: '5000/s', connections: 8, warmup: '1s', duration: '6s' } },
      reporters: ways[name],
      output,
    })}\n`,
  )
  const env = { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') }
  const args = [...flags, program, 'run', 'bench', '--config', config]
  await promisify(execFile)(process.execPath, args, { env })
  const { scenarios } = JSON.parse(readFileSync(join(output, 'result.json'), 'utf8')) as {
    readonly scenarios: readonly [{ readonly cpu_us_per_request: number }]
  }
  return scenarios[0].cpu_us_per_request
}

const rounds: Record<keyof typeof ways, number>[] = []
for (let round = 0; round < roundsAsked(); round++)
  rounds.push({ all: await costOf('all'), none: await costOf('none') })
await sink.close()
rmSync(folder, { recursive: true, force: true })

const best = (name: keyof typeof ways): number => Math.min(...rounds.map((round) => round[name]))
const ratios = rounds.map(({ all, none }) => all / none)
const ratio = best('all') / best('none')
benchHeader()
printCells([
  'CPU of a worker per request, all reporters on',
  `${best('all').toPrecision(3)} µs`,
  'a result file alone',
  `${best('none').toPrecision(3)} µs`,
  `${ratio.toFixed(3)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
  `≤ ${goal}`,
  ratio <= goal ? 'reached' : 'missed',
])
