import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { printCells } from '@cloudbench/fixtures/bench/row'
import { runNull } from './run-null.ts'

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

/** The memory of a warmed-up worker after two million recorded requests, and after twenty million. */
export async function benchGrowth(): Promise<void> {
  let requests = 0
  let few = 0
  let many = 0
  const load = { model: 'closed', connections: 1, thinkMs: 0 } as const
  await runNull('issue', load, 'tick', 12_000, 1, ({ phase, flows, generators }) => {
    // the cost of starting is included after the warm-up
    if (phase.kind === 'warmup') return
    requests += flows[0]!.total.ok
    const { rssBytes } = generators[0]!
    if (few === 0 && requests >= 2e6) few = rssBytes
    if (many === 0 && requests >= 20e6) many = rssBytes
  })
  const ratio = many / few
  const verdict = many === 0 ? `only ${requests} requests` : ratio <= 1.05 ? 'reached' : 'missed'
  const cells = ['RSS of a worker after 20 M requests', mb(many), 'after 2 M', mb(few)]
  printCells([...cells, ratio.toFixed(3), '≤ 1.05', verdict])
}

/** As users have it: what reads TypeScript takes memory too. */
const program = fileURLToPath(new URL('../../cloudbench/bin/cloudbench.js', import.meta.url))
const isBuilt = existsSync(new URL('../../cloudbench/dist/main.js', import.meta.url))

/** What has not been collected yet when a run ends is a matter of chance. */
const rounds = 3

/** The memory of a worker of each driver, on its loopback server. */
export function benchWorkers(): void {
  for (const [driver, goalMb] of [
    ['redis', 90],
    ['http', 90],
    ['postgres', 90],
    ['kafka', 110],
    ['amqp', 110],
    ['grpc', 110],
  ] as const) {
    const bytes = isBuilt ? Array.from({ length: rounds }, () => rssOf(driver)) : []
    const least = Math.min(...bytes)
    const verdict = bytes.length === 0 ? 'not built' : least <= goalMb * 1e6 ? 'reached' : 'missed'
    const spread = bytes.length === 0 ? '' : `${mb(least)} (to ${mb(Math.max(...bytes))})`
    printCells([`RSS of a worker, ${driver}, closed loop`, spread, '', '', '', `≤ ${goalMb} MB`, verdict])
  }
}

function rssOf(driver: string): number {
  const cwd = mkdtempSync(join(tmpdir(), 'cloudbench-bench-'))
  const config = {
    targets: { server: { driver, url: 'loopback' } },
    scenarios: {
      bench: { target: 'server', duration: '1s', warmup: '5s', checks: { 'errors.rate': '<= 0%' } },
    },
    reporters: ['json'],
    output: 'results',
  }
  writeFileSync(join(cwd, 'cloudbench.config.json'), JSON.stringify(config))
  execFileSync(process.execPath, [program, 'run', 'bench'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const folder = join(cwd, 'results')
  const file = readdirSync(folder).find((name) => name.endsWith('.json'))!
  const { scenarios } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Stored
  return scenarios[0]!.phases.at(-1)!.generators[0]!.rssBytes
}

interface Stored {
  readonly scenarios: readonly {
    readonly phases: readonly { readonly generators: readonly { readonly rssBytes: number }[] }[]
  }[]
}
