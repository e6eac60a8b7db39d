import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  measuredOf,
  sumFlows,
  type FlowMetrics,
  type GeneratorSample,
  type LoopbackOptions,
  type Plugin,
  type Verdict,
} from '@cloudbench/core'
import type { Fault } from './fault.ts'
import type { Ledger, Service } from './ledger/ledger.ts'
import { runScenario } from './scenario.ts'
import type { Arrival, Asked, Counts } from './server.ts'

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
  /** @default 0 */
  readonly thinkMs?: number
  readonly durationMs: number
  /** @default 0 */
  readonly warmupMs?: number
  readonly arrivals?: 'constant' | 'poisson'
  readonly workers?: number
  readonly connections?: number
}

export interface Measured {
  readonly total: FlowMetrics['total']
  readonly connections: FlowMetrics['connections']
  readonly counters: FlowMetrics['counters']
  readonly elapsedMs: number
  readonly generators: readonly GeneratorSample[]
  readonly verdict: Verdict | undefined
  /** Requests of the warm-up, which have the first numbers. */
  readonly warmedUp: number
}

interface Server {
  readonly url: string
  ask<Question extends keyof Asked>(question: Question): Promise<Asked[Question]>
}

/** Loads a server of known behaviour over real sockets, and returns the measurement. */
export async function measure(
  candidate: Candidate,
  behaviour: LoopbackOptions,
  shape: LoadShape,
): Promise<Measured> {
  return withServer([candidate.driver, JSON.stringify(behaviour)], ({ url }) => run(candidate, url, shape))
}

/** What arrives at a server that records it. */
export async function arrivalsOf(candidate: Candidate, shape: LoadShape): Promise<readonly Arrival[]> {
  return withServer(['arrivals'], async ({ url, ask }) => {
    await run(candidate, url, shape)
    return ask('arrivals')
  })
}

/** What a measurement says, and what its server has counted meanwhile. */
export async function compare(
  candidate: Candidate,
  fault: Fault,
  shape: LoadShape,
): Promise<{ readonly reported: Measured; readonly counted: Counts }> {
  return withServer([candidate.driver, '{}', fault], async ({ url, ask }) => {
    await run(candidate, url, { ...shape, durationMs: 100 })
    await ask('forget')
    const driver = new URL(`only-load.ts?${candidate.driver}`, import.meta.url).href
    const plugin: Plugin = { name: 'begins', hooks: { 'phase:start': () => void ask('begin') } }
    const reported = await run({ ...candidate, driver }, url, shape, [plugin])
    return { reported, counted: await ask('counts') }
  })
}

/** What the tool says, and what the server has written down. */
export interface Examined {
  readonly measured: Measured
  readonly ledger: Ledger
}

/** Loads a server that keeps a ledger; the path of each request is its number. */
export async function loadLedger(
  { driver, options = {} }: Pick<Candidate, 'driver' | 'options'>,
  service: Service,
  shape: LoadShape,
): Promise<Examined> {
  const numbered = { driver, workload: 'request', options: { ...options, path: '/${index}' } }
  return withServer(['ledger', JSON.stringify(service)], async ({ url, ask }) => ({
    measured: await run(numbered, url, shape),
    ledger: await ask('ledger'),
  }))
}

async function withServer<T>(args: readonly string[], use: (server: Server) => Promise<T>): Promise<T> {
  const child = fork(new URL('server.ts', import.meta.url), args, { execArgv: process.execArgv })
  try {
    const [url] = (await once(child, 'message')) as [string]
    return await use({
      url,
      async ask(question) {
        child.send(question)
        const [answer] = await once(child, 'message')
        return answer
      },
    })
  } finally {
    child.disconnect()
  }
}

async function run(
  { driver, workload, options = {}, connections: enough = 400 }: Candidate,
  url: string,
  {
    rate,
    timeoutMs,
    thinkMs,
    durationMs,
    warmupMs = 0,
    arrivals = 'constant',
    workers = 1,
    connections = enough,
  }: LoadShape,
  plugins: readonly Plugin[] = [],
): Promise<Measured> {
  const { errors, phases, verdict } = await runScenario({
    target: { driver, url },
    scenario: {
      workload,
      options,
      ...(rate !== undefined && { rate, arrivals }),
      ...(timeoutMs !== undefined && { timeout: `${timeoutMs}ms` }),
      ...(thinkMs !== undefined && { think: `${thinkMs}ms` }),
      duration: `${durationMs}ms`,
      warmup: `${warmupMs}ms`,
      drain: '60s',
      workers,
      connections,
    },
    plugins,
  })
  // that nothing was answered is what some questions are about
  const faults = errors.filter(({ message }) => !message.includes('requests was answered'))
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'))
  const { total, connections: counted, counters } = sumFlows(measuredOf({ phases }).flows)
  const { elapsedMs, generators } = phases.at(-1)!
  const warmedUp = phases
    .filter(({ phase }) => phase.kind === 'warmup')
    .reduce((sum, { flows }) => sum + sumFlows(flows).total.scheduled, 0)
  return { total, connections: counted, counters, elapsedMs, generators, verdict, warmedUp }
}
