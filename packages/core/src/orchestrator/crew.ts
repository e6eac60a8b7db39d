import type { Agent, StartedWorker } from '../agent/agent.ts'
import type { Child } from '../agent/child.ts'
import { CloudbenchError } from '../errors.ts'
import { hurriedMs } from '../hooks/deadline.ts'
import { lifecycle } from '../hooks/lifecycle.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { AuditResult } from '../plugin/driver.ts'
import type { Facts } from '../plugin/facts.ts'
import type { Dispatch, Tracing, WorkerInfo } from '../plugin/model.ts'
import { connectLimitOf, defaultPatienceMs, protocolVersion } from '../protocol/limits.ts'
import type { RequestName, Requests, WireFlow } from '../protocol/protocol.ts'
import type { LogTotals, WireLog } from '../protocol/request-log.ts'

/** Importing drivers, and what environments verify. */
const initLimitMs = 60_000
/** A worker gives up what is slow to connect or to close itself, unless its event loop stands still. */
const standstillMs = 5_000
const closeLimitMs = lifecycle.close.limitMs + standstillMs
const endLimitMs = 1_000

export interface CrewOptions {
  readonly agent: Agent
  readonly workers: number
  readonly flows: readonly WireFlow[]
  /** What relative paths in options start from. */
  readonly folder: string
  readonly seed: number
  readonly dispatch: Dispatch
  /** Ids of what trace ids follow from. */
  readonly run: string
  readonly scenario: string
  readonly trace?: Tracing | undefined
  /** The request log of each worker. */
  readonly logOf?: ((worker: number) => WireLog) | undefined
  /** How long a driver may take for a step. */
  readonly patienceMs?: number | undefined
  /** Once aborted, drivers get little time for whatever they are doing. */
  readonly interrupt?: AbortSignal | undefined
}

/** The load workers of one scenario. */
export interface Crew {
  readonly started: readonly StartedWorker[]
  readonly infos: readonly WorkerInfo[]
  onInterval: ((worker: number, interval: WorkerInterval) => void) | undefined
  prepare(flow: string): Promise<Facts>
  open(flow: string): Promise<void>
  /** The findings of all workers, added up by name. */
  audit(flow: string): Promise<readonly AuditResult[]>
  cleanup(flow: string): Promise<void>
  /** Resolves with what went wrong while closing, and with what each worker logged. */
  close(): Promise<Closed>
}

interface Closed {
  readonly errors: readonly (string | CloudbenchError)[]
  /** By worker; undefined where there is none, or the worker was lost. */
  readonly logs: readonly (LogTotals | undefined)[]
}

/** Starts the workers, proves their environment, and gives each its flows. */
export async function startCrew(options: CrewOptions): Promise<Crew> {
  let onInterval: Crew['onInterval']
  const started = await options.agent.startWorkers(options.workers, (worker, interval) =>
    onInterval?.(worker, interval),
  )
  let infos: readonly WorkerInfo[]
  try {
    infos = await Promise.all(started.map((worker) => init(worker, options)))
  } catch (error) {
    for (const { child } of started) child.kill()
    throw error
  }
  const { patienceMs = defaultPatienceMs } = options
  const openLimitMs = connectLimitOf(patienceMs) + standstillMs
  const hung = new Set<Child>()
  const ask = asking(options, hung)
  const first = started[0]!.child
  return {
    started,
    infos,
    get onInterval() {
      return onInterval
    },
    set onInterval(handler) {
      onInterval = handler
    },
    prepare: async (flow) => (await ask(first, 'prepare', flow, patienceMs)).facts,
    async open(flow) {
      await Promise.all(started.map(({ child }) => ask(child, 'open', flow, openLimitMs)))
    },
    async audit(flow) {
      const answers = await Promise.all(started.map(({ child }) => ask(child, 'audit', flow, patienceMs)))
      return sumAudits(answers.flatMap(({ findings }) => findings))
    },
    async cleanup(flow) {
      await ask(first, 'cleanup', flow, patienceMs)
    },
    async close() {
      const closed = await Promise.all(started.map(({ child }) => close(child, options, hung.has(child))))
      return { errors: closed.flatMap(({ errors }) => errors), logs: closed.map(({ log }) => log) }
    },
  }
}

/** What a driver is asked to do for a flow, in the words of messages. */
const steps = {
  prepare: 'prepare',
  open: 'connect',
  audit: 'audit',
  cleanup: 'cleanup',
  close: 'close of the connections',
} as const
type Step = keyof typeof steps

type Ask = <Name extends Step>(
  child: Child,
  name: Name,
  flow: string,
  limitMs: number,
) => Promise<Requests[Name]['answer']>

/** Asks a worker for a step of a flow. One that never ends is named, and its worker remembered. */
function asking({ flows, interrupt }: CrewOptions, hung: Set<Child>): Ask {
  return async (child, name, flow, limitMs) => {
    const driver = flows.find((candidate) => candidate.name === flow)?.driver.name
    const step = `${steps[name]} of flow ${flow} (driver ${driver})`
    try {
      const command = { flow } as Requests[typeof name & RequestName]['command']
      return await child.request(name, command, { limitMs, step, hurry: interrupt })
    } catch (error) {
      if (isHung(error)) hung.add(child)
      throw error
    }
  }
}

function isHung(error: unknown): boolean {
  return error instanceof CloudbenchError && error.code === 'CB_WORKER_HUNG'
}

async function init(
  { child, launch, attribution }: StartedWorker,
  { agent, flows, folder, seed, dispatch, run, scenario, trace, logOf, ...options }: CrewOptions,
): Promise<WorkerInfo> {
  const { verifying: environments, facts: discovered } = agent
  const { patienceMs = defaultPatienceMs } = options
  const { facts } = await child.request(
    'init',
    {
      protocol: protocolVersion,
      launch,
      environments,
      facts: discovered,
      flows,
      folder,
      seed,
      dispatch,
      patienceMs,
      run,
      scenario,
      trace,
      log: logOf?.(launch.worker.index),
    },
    { limitMs: initLimitMs, step: `import of ${flows.map(({ driver }) => driver.name).join(', ')}` },
  )
  return { index: launch.worker.index, pid: child.pid, launch, attribution, facts }
}

/** Resolves with what went wrong. One that hung before gets little time for it. */
async function close(
  child: Child,
  options: CrewOptions,
  hasHung: boolean,
): Promise<Pick<Closed, 'errors'> & { readonly log?: LogTotals | undefined }> {
  const ask = asking(options, new Set())
  const limitMs = hasHung ? hurriedMs : closeLimitMs
  const errors: string[] = []
  try {
    for (const { name } of options.flows.toReversed())
      errors.push(...(await ask(child, 'close', name, limitMs)).errors)
    const deadline = { limitMs, step: 'close of what connections share', hurry: options.interrupt }
    const left = await child.request('leave', {}, deadline)
    const named = [...errors, ...left.errors].map((error) => `${child.name}: ${error}`)
    return { errors: named, log: left.log }
  } catch (error) {
    child.kill()
    // a worker that died, or hung before, was reported when it did
    return { errors: isHung(error) && !hasHung ? [error as CloudbenchError] : [] }
  } finally {
    // it exits on its own unless something keeps it alive
    const patience = setTimeout(() => child.kill(), endLimitMs)
    await child.ended
    clearTimeout(patience)
  }
}

/** Findings of the same name in different workers as one: the worst status, the sums, the first message. */
function sumAudits(findings: readonly AuditResult[]): AuditResult[] {
  const byName = new Map<string, AuditResult>()
  const rank = { skipped: 0, passed: 1, failed: 2 } as const
  for (const finding of findings) {
    const known = byName.get(finding.name)
    if (!known) {
      byName.set(finding.name, finding)
      continue
    }
    const worse = rank[finding.status] > rank[known.status] ? finding : known
    const message = known.status === 'failed' ? known.message : (worse.message ?? known.message)
    byName.set(finding.name, {
      name: finding.name,
      status: worse.status,
      examined: known.examined + finding.examined,
      violations: known.violations + finding.violations,
      ...(message !== undefined && { message }),
    })
  }
  return [...byName.values()]
}
