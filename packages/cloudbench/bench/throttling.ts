import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { printCells, roundsAsked } from '@cloudbench/fixtures/bench/row'
import { makeQuotaGroup } from '@cloudbench/fixtures/cpu-quota'

// what becomes of the tail and of garbage collection once a CPU quota stops the generator: the same load with and without a quota, in
// turns. No goal: it shows why a throttled run is not to be believed.

const quotas = [undefined, 0.2] as const
const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const flags = ['--conditions=@cloudbench/source', '--disable-warning=ExperimentalWarning']
const folder = mkdtempSync(join(tmpdir(), 'cloudbench-throttling-'))
const config = join(folder, 'throttling.config.mjs')
const scenario = { target: 'server', rate: '1500/s', connections: 16, warmup: '3s', duration: '8s' }
writeFileSync(
  config,
  `export default ${JSON.stringify({
    // a small young generation, so that there is something to collect in a few seconds
    environment: [['memory', { semiSpaceMb: 1 }], 'burst'],
    targets: { server: { driver: 'http', url: 'loopback' } },
    scenarios: { bench: scenario },
    reporters: [['json', { file: 'result.json', stdout: false }]],
    output: folder,
  })}\n`,
)

interface Measured {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly gcMeanMs: number
  readonly gcMaxMs: number
  readonly throttledShare: number
  readonly verdict: string
}

/** The part of a result file that is shown. */
interface Stored {
  readonly scenarios: readonly [
    {
      readonly verdict: string
      readonly latency_p50_ms: number
      readonly latency_p99_ms: number
      readonly phases: readonly {
        readonly generators: readonly [
          { readonly gcMs: number; readonly gcCount: number; readonly gcMaxMs: number },
        ]
        readonly signals: readonly [{ readonly counters: Readonly<Record<string, number>> }]
      }[]
    },
  ]
}

function measure(within: readonly string[]): Measured {
  const line = [...within, process.execPath, ...flags, program, 'run', 'bench', '--config', config]
  // whatever its verdict is: that is what there is to see
  spawnSync(line[0]!, line.slice(1), { stdio: 'ignore' })
  const { scenarios } = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as Stored
  rmSync(join(folder, 'result.json'))
  const { phases, verdict, latency_p50_ms: p50Ms, latency_p99_ms: p99Ms } = scenarios[0]
  const { generators, signals } = phases.at(-1)!
  const [{ gcMs, gcCount, gcMaxMs }] = generators
  const { 'cpu.throttledPeriods': throttled = 0, 'cpu.quotaPeriods': periods = 0 } = signals[0].counters
  const throttledShare = throttled / Math.max(periods, 1)
  return { p50Ms, p99Ms, gcMeanMs: gcMs / Math.max(gcCount, 1), gcMaxMs, throttledShare, verdict }
}

const rounds: { readonly quota: number | undefined; readonly measured: Measured }[] = []
for (let round = 0; round < roundsAsked(); round++)
  for (const quota of quotas) {
    const group = quota === undefined ? undefined : makeQuotaGroup(quota)
    if (quota !== undefined && group === undefined) {
      console.log(
        'no control group with a CPU quota can be made here: as root, with cgroups, there is more to see',
      )
      break
    }
    rounds.push({ quota, measured: measure(group?.within ?? []) })
    await group?.remove()
  }
rmSync(folder, { recursive: true, force: true })

const spread = (values: readonly number[], unit = 'ms'): string => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return `${least.toPrecision(3)}–${most.toPrecision(3)} ${unit}`
}
printCells(['CPUs', 'periods throttled', 'p50', 'p99', 'mean GC pause', 'longest', 'verdicts'])
printCells(['---', '---:', '---:', '---:', '---:', '---:', '---'])
for (const quota of quotas) {
  const all = rounds.filter((round) => round.quota === quota).map(({ measured }) => measured)
  if (all.length === 0) continue
  const of = (key: Exclude<keyof Measured, 'verdict'>): number[] => all.map((measured) => measured[key])
  printCells([
    quota === undefined ? 'no quota' : String(quota),
    spread(
      of('throttledShare').map((share) => share * 100),
      '%',
    ),
    spread(of('p50Ms')),
    spread(of('p99Ms')),
    spread(of('gcMeanMs')),
    spread(of('gcMaxMs')),
    [...new Set(all.map(({ verdict }) => verdict))].join(', '),
  ])
}
