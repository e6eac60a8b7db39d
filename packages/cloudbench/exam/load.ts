import { fork } from 'node:child_process'
import { once } from 'node:events'
import { measuredOf, sumFlows, type FlowMetrics, type LoopbackOptions, type Plugin } from '@cloudbench/core'
import type { Fault } from './fault.ts'
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
    durationMs,
    warmupMs = 0,
    arrivals = 'constant',
    workers = 1,
    connections = enough,
  }: LoadShape,
  plugins: readonly Plugin[] = [],
): Promise<Measured> {
  const { errors, phases } = await runScenario({
    target: { driver, url },
    scenario: {
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
    plugins,
  })
  // that nothing was answered is what some questions are about
  const faults = errors.filter(({ message }) => !message.includes('requests was answered'))
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'))
  const { total, connections: counted, counters } = sumFlows(measuredOf({ phases }).flows)
  return { total, connections: counted, counters, elapsedMs: phases.at(-1)!.elapsedMs }
}
