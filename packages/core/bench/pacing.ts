import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { printCells, roundsAsked } from '@cloudbench/fixtures/bench/row'
import type { Dispatch } from '../src/plugin/model.ts'
import { runNull } from './run-null.ts'

/** How late requests leave, and what waiting for them takes. */
interface Paced {
  readonly p99Us: number
  readonly cores: number
}

const seconds = 2

function bareTicker(rate: number): Paced {
  const script = fileURLToPath(new URL('bare-ticker.ts', import.meta.url))
  return JSON.parse(
    execFileSync(process.execPath, [script, String(rate), String(seconds)]).toString(),
  ) as Paced
}

async function paced(dispatch: Dispatch, rate: number): Promise<Paced> {
  const stages = [{ durationMs: seconds * 1000, fromPerSecond: rate, toPerSecond: rate }]
  const load = { model: 'open', connections: 4, arrivals: 'constant', stages } as const
  const { flows, generators } = await runNull('issue', load, dispatch)
  return {
    p99Us: flows[0]!.total.lag.percentile(99) / 1000,
    cores: generators[0]!.cpuMs / 1000 / seconds,
  }
}

/** Takes turns; of each reading the lowest round counts, because other work on the machine only ever adds. */
async function turns(
  own: () => Promise<Paced>,
  other: () => Promise<Paced> | Paced,
): Promise<readonly [Paced, Paced]> {
  const rounds: [Paced, Paced][] = []
  for (let round = 0; round < roundsAsked(); round++) rounds.push([await own(), await other()])
  const least = (way: 0 | 1, reading: keyof Paced): number =>
    Math.min(...rounds.map((round) => round[way][reading]))
  const best = (way: 0 | 1): Paced => ({ p99Us: least(way, 'p99Us'), cores: least(way, 'cores') })
  return [best(0), best(1)]
}

function printRatio(
  name: string,
  own: number,
  other: number,
  unit: string,
  beside: string,
  goal: number,
): void {
  const ratio = own / other
  const digits = unit === 'µs' ? 0 : 2
  printCells([
    name,
    `${own.toFixed(digits)} ${unit}`,
    beside,
    `${other.toFixed(digits)} ${unit}`,
    ratio.toFixed(2),
    `≤ ${goal}`,
    ratio <= goal ? 'reached' : 'missed',
  ])
}

/** `tick` beside a thread and a loop that do nothing else, and `hybrid` beside `spin`. */
export async function benchPacing(): Promise<void> {
  const [tick, bare] = await turns(
    () => paced('tick', 10_000),
    () => bareTicker(10_000),
  )
  printRatio('`tick` at 10 000/s, p99 lag', tick.p99Us, bare.p99Us, 'µs', 'bare ticker', 1.1)
  printRatio('`tick` at 10 000/s, CPU', tick.cores, bare.cores, 'cores', 'bare ticker', 0.9)
  for (const rate of [1_000, 10_000]) {
    const [hybrid, spin] = await turns(
      () => paced('hybrid', rate),
      () => paced('spin', rate),
    )
    printRatio(`\`hybrid\` at ${rate}/s, p99 lag`, hybrid.p99Us, spin.p99Us, 'µs', '`spin`', 1.3)
    if (rate > 1_000) continue
    const { cores } = hybrid
    const goal = 0.35
    const verdict = cores <= goal ? 'reached' : 'missed'
    printCells([`\`hybrid\` at ${rate}/s`, `${cores.toFixed(2)} cores`, '', '', '', `≤ ${goal}`, verdict])
  }
}
