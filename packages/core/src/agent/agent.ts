import { hostname } from 'node:os'
import { machineNowMs, timerAt } from '../load/clock.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { Logger } from '../plugin/common.ts'
import type { DerivedSetting, Watcher, WorkerProcess } from '../plugin/environment.ts'
import type { Facts } from '../plugin/facts.ts'
import type { RunError } from '../plugin/model.ts'
import type { PluginModule } from '../protocol/protocol.ts'
import type { Child } from './child.ts'
import {
  createEnvironmentHost,
  draftWorker,
  type LoadedEnvironment,
  type WorkerDraft,
} from './environment-host.ts'
import { machineFacts } from './machine-facts.ts'
import { createProcesses } from './processes.ts'
import { createSampler, type PhaseSampling, type Sampler } from './sampler.ts'
import type { Spares } from './spares.ts'

export interface AgentOptions {
  readonly environments: readonly LoadedEnvironment[]
  readonly log: (source: string) => Logger
  /** What has been discovered on this machine before, so that it is not again. */
  readonly facts?: Readonly<Record<string, Facts>> | undefined
  /** Processes that run already, for workers and loopback servers. */
  readonly spares?: Spares | undefined
  /** Once aborted, environments get little time. */
  readonly interrupt?: AbortSignal | undefined
}

/** A worker that has been started, and not yet addressed. */
export interface StartedWorker extends WorkerDraft {
  readonly child: Child
}

/** Sees to one machine: runs environments, starts workers, puts everything back. */
export interface Agent {
  /** Of the machine. */
  readonly name: string
  /** By plugin; what the core itself knows is under `machine`. */
  readonly facts: Readonly<Record<string, Facts>>
  /** Why signals cannot be sampled here, by their names, once environments watch: `there is no cpufreq here`. */
  readonly missing: Readonly<Record<string, string>>
  /** The environments that prove something inside a worker. */
  readonly verifying: readonly PluginModule[]
  discover(): Promise<void>
  /** What each environment derives from the machine, by its name, as it says it: not checked. */
  derive(): Promise<ReadonlyMap<string, readonly DerivedSetting[]>>
  apply(): Promise<void>
  /** Lets environments begin to watch. */
  watch(): Promise<void>
  /** Samples them during a phase. `startAtMs` is on the machine's clock. */
  sample(phase: PhaseSampling): { end(): Promise<void> }
  startWorkers(
    total: number,
    onInterval: (worker: number, interval: WorkerInterval) => void,
  ): Promise<readonly StartedWorker[]>
  startLoopback(driver: PluginModule): Promise<{ readonly target: string; readonly child: Child }>
  /** Hooks of environments that have not answered. */
  readonly pending: readonly string[]
  /** Kills what is left of the processes. */
  kill(): void
  close(): Promise<readonly RunError[]>
}

/** The machine's clock, with timers that keep no process alive. */
const samplingClock = {
  now: machineNowMs,
  at: (timeMs: number, callback: () => void) => timerAt(machineNowMs, timeMs, callback, false),
}

/** The agent of this machine, in this process. */
export function createLocalAgent(given: AgentOptions): Agent {
  const { environments, log, facts: known, spares, interrupt } = given
  const name = hostname()
  const facts: Record<string, Facts> = { machine: machineFacts(), ...known }
  const missing: Record<string, string> = {}
  let sampler: Sampler | undefined
  let workers: readonly WorkerProcess[] = []
  const processes = createProcesses(log, spares)
  const stop = new AbortController()
  const host = createEnvironmentHost({ environments, log, facts, signal: stop.signal, hurry: interrupt })

  return {
    name,
    facts,
    missing,
    verifying: environments.flatMap(({ module, plugin }) => (plugin.verify ? [module] : [])),
    async discover() {
      if (known) return
      for (const [plugin, found] of await host.call('machine:discover')) facts[plugin] = found as Facts
    },
    derive: async () => (await host.call('machine:derive')) as ReadonlyMap<string, readonly DerivedSetting[]>,
    async apply() {
      await host.call('machine:apply')
    },
    async watch() {
      const watchers = (await host.call('machine:watch')) as ReadonlyMap<string, Watcher>
      const watching = Array.from(watchers, ([environment, watcher]) => ({ environment, watcher }))
      Object.assign(missing, ...watching.map(({ watcher }) => watcher.missing))
      sampler = createSampler({ machine: name, watching, clock: samplingClock, log, workers: () => workers })
    },
    sample: (phase) => sampler?.start(phase) ?? { end: async () => {} },
    async startWorkers(total, onInterval) {
      const drafts = []
      for (let index = 0; index < total; index++) drafts.push(await draftWorker(host, index, total))
      const started = await Promise.all(
        drafts.map(async (draft) => {
          const { index } = draft.launch.worker
          return {
            ...draft,
            child: await processes.startWorker(draft.launch, (report) => onInterval(index, report)),
          }
        }),
      )
      workers = started.map(({ child: { pid }, launch }) => ({ index: launch.worker.index, pid }))
      return started
    },
    startLoopback: (driver) => processes.startLoopback(driver),
    get pending() {
      return host.pending
    },
    kill: () => processes.kill(),
    async close() {
      stop.abort()
      await host.call('close')
      processes.kill()
      await processes.ended()
      return host.takeErrors()
    },
  }
}
