import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { benchHeader, printCells, roundsAsked } from '@cloudbench/fixtures/bench/row'

// what a logged request costs, beside an object that is packed and written to a stream: `pnpm bench log`

const program = fileURLToPath(new URL('log-way.ts', import.meta.url))
const records = 1_000_000
const goalNs = 500
/** The write of a segment, for each of its 1 680 records; a record has none. */
const goalBytes = 2

interface Reading {
  readonly ns: number
  readonly bytes: number
  readonly collections: number
  readonly pauseMs: number
}

function measure(way: string): Reading {
  const args = ['--conditions=@cloudbench/source', program, way, String(records)]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Reading
}

const rounds: Record<'nothing' | 'ring' | 'naive', Reading[]> = { nothing: [], ring: [], naive: [] }
for (let round = 0; round < roundsAsked(); round++)
  for (const [way, readings] of Object.entries(rounds)) readings.push(measure(way))

/** The best of all rounds, without what the loop costs by itself. */
function best(way: 'ring' | 'naive', key: keyof Reading): number {
  const least = (readings: readonly Reading[]): number =>
    Math.min(...readings.map(({ [key]: value }) => value))
  return Math.max(0, least(rounds[way]) - least(rounds.nothing))
}

function row(what: string, key: keyof Reading, unit: string, goal?: number): void {
  const [own, other] = [best('ring', key), best('naive', key)]
  const digits = (value: number): string =>
    `${value >= 100 ? value.toFixed(0) : value.toPrecision(2)} ${unit}`.trim()
  const verdict = goal === undefined ? '' : own <= goal ? 'reached' : 'missed'
  const cells = [what, digits(own), 'msgpackr and a stream', digits(other), (own / other).toFixed(2)]
  printCells([...cells, goal === undefined ? '' : `≤ ${goal} ${unit}`, verdict])
}

benchHeader()
row('a logged request, CPU', 'ns', 'ns', goalNs)
row('a logged request, heap', 'bytes', 'B', goalBytes)
row('collections in a million requests', 'collections', '')
row('their pauses', 'pauseMs', 'ms')
