import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measuredOf, sumFlows, type FlowMetrics, type LoopbackOptions } from '@cloudbench/core'
import { loadConfig, makePlan, runBenchmark } from '@cloudbench/core/program'

/** A driver under examination: what it sends for each arrival. */
export interface Candidate {
  readonly driver: string
  readonly workload: string
  readonly options?: Readonly<Record<string, unknown>>
  /** Enough for all requests in flight when the server stalls for two seconds. @default 400 */
  readonly connections?: number
}

export interface LoadShape {
  /** Without it, a closed loop. */
  readonly rate?: string
  /** @default as the configuration has it */
  readonly timeoutMs?: number
  readonly durationMs: number
  /** @default 0 */
  readonly warmupMs?: number
  readonly arrivals?: 'constant' | 'poisson'
  readonly workers?: number
  readonly connections?: number
}

export interface Measured {
  readonly total: FlowMetrics['total']
  readonly elapsedMs: number
  /** The mean number of connections in use. */
  readonly active: number
  /** When requests arrived, on the clock of a server that records it. */
  readonly arrivalsMs: readonly number[]
}

/** Loads a server of known behaviour over real sockets, and returns the measurement. */
export async function measure(
  candidate: Candidate,
  server: LoopbackOptions | 'arrivals',
  shape: LoadShape,
): Promise<Measured> {
  const args = server === 'arrivals' ? ['arrivals'] : [candidate.driver, JSON.stringify(server)]
  const child = fork(new URL('server.ts', import.meta.url), args, { execArgv: process.execArgv })
  try {
    const [url] = (await once(child, 'message')) as [string]
    const phase = await run(candidate, url, shape)
    return { ...phase, arrivalsMs: server === 'arrivals' ? await arrivalsAt(child) : [] }
  } finally {
    child.disconnect()
  }
}

async function arrivalsAt(child: ChildProcess): Promise<number[]> {
  child.send('arrivals')
  const [arrivalsMs] = (await once(child, 'message')) as [number[]]
  return arrivalsMs
}

const silent = { isTTY: false, columns: 80, color: false, write: () => {} }

async function run(
  { driver, workload, options = {}, connections: enough = 400 }: Candidate,
  url: string,
  {
    rate,
    timeoutMs,
    durationMs,
    warmupMs = 0,
    arrivals = 'constant',
    workers = 1,
    connections = enough,
  }: LoadShape,
): Promise<Omit<Measured, 'arrivalsMs'>> {
  // a folder without any configuration
  const cwd = await mkdtemp(join(tmpdir(), 'cloudbench-exam-'))
  try {
    const config = await loadConfig({
      cwd,
      env: {},
      builtIn: {
        targets: { server: { driver, url } },
        scenarios: {
          exam: {
            target: 'server',
            workload,
            options,
            ...(rate !== undefined && { rate, arrivals }),
            ...(timeoutMs !== undefined && { timeout: `${timeoutMs}ms` }),
            duration: `${durationMs}ms`,
            warmup: `${warmupMs}ms`,
            drain: '60s',
            workers,
            connections,
          },
        },
        reporters: [],
      },
    })
    const { scenarios } = await runBenchmark(makePlan(config), {
      terminal: { stdout: silent, stderr: silent },
      version: '0.0.0',
      bundledFrom: import.meta.url,
    })
    const { errors, phases } = scenarios[0]!
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
    const { elapsedMs } = phases.at(-1)!
    const { total, connections: counted } = sumFlows(measuredOf({ phases }).flows)
    return { total, elapsedMs, active: counted.openMs / elapsedMs }
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}
