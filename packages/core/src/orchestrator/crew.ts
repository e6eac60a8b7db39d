import type { Agent, StartedWorker } from '../agent/agent.ts'
import type { Child } from '../agent/child.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { AuditResult } from '../plugin/driver.ts'
import type { Facts } from '../plugin/facts.ts'
import type { Dispatch, WorkerInfo } from '../plugin/model.ts'
import type { WireFlow } from '../protocol/protocol.ts'
import { protocolVersion } from '../protocol/protocol.ts'

/** Importing drivers, and what environments verify. */
const initLimitMs = 60_000
/** Filling a large key space takes time; beyond this it is a hang. */
const taskLimitMs = 600_000
const closeLimitMs = 15_000
const endLimitMs = 1_000

export interface CrewOptions {
  readonly agent: Agent
  readonly workers: number
  readonly flows: readonly WireFlow[]
  readonly seed: number
  readonly dispatch: Dispatch
}

/** The load workers of one scenario. */
export interface Crew {
  readonly started: readonly StartedWorker[]
  readonly infos: readonly WorkerInfo[]
  onInterval: ((worker: number, interval: WorkerInterval) => void) | undefined
  prepare(flow: string): Promise<Facts>
  open(): Promise<void>
  /** The findings of all workers, added up by name. */
  audit(flow: string): Promise<readonly AuditResult[]>
  cleanup(flow: string): Promise<void>
  /** Resolves with what went wrong while closing. */
  close(): Promise<readonly string[]>
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
    prepare: async (flow) => (await first.request('prepare', { flow }, taskLimitMs)).facts,
    async open() {
      await Promise.all(started.map(({ child }) => child.request('open', {})))
    },
    async audit(flow) {
      const answers = await Promise.all(
        started.map(({ child }) => child.request('audit', { flow }, taskLimitMs)),
      )
      return sumAudits(answers.flatMap(({ findings }) => findings))
    },
    async cleanup(flow) {
      await first.request('cleanup', { flow }, taskLimitMs)
    },
    close: async () => (await Promise.all(started.map(({ child }) => close(child)))).flat(),
  }
}

async function init(
  { child, launch, attribution }: StartedWorker,
  { agent, flows, seed, dispatch }: CrewOptions,
): Promise<WorkerInfo> {
  const { environments, facts: discovered } = agent
  const { facts } = await child.request(
    'init',
    { protocol: protocolVersion, launch, environments, facts: discovered, flows, seed, dispatch },
    initLimitMs,
  )
  return { index: launch.worker.index, pid: child.pid, launch, attribution, facts }
}

/** Resolves with what went wrong. */
async function close(child: Child): Promise<readonly string[]> {
  try {
    const { errors } = await child.request('close', {}, closeLimitMs)
    return errors.map((error) => `${child.name}: ${error}`)
  } catch {
    // a worker that died was reported when it did; one that hangs is killed
    child.kill()
    return []
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
