import type { Awaitable, Json, Logger } from './common.ts'
import type { Facts } from './facts.ts'
import type { Schema } from './schema.ts'

/** Knows one thing about machines: how to detect it, how to set it, how to prove that it was set. */
export interface Environment<Options = any> {
  readonly name: string
  readonly options?: Schema<any, Options>
  /** Look, do not touch. Leave out what cannot be found out. */
  discover?(context: EnvironmentContext<Options>): Awaitable<Facts>
  /** Derive settings from this machine. Anything that a user wrote overrides them. */
  derive?(context: EnvironmentContext<Options>): Awaitable<readonly DerivedSetting[]>
  /** Say what to change about this machine, and why. Change nothing. `cloudbench doctor` prints it. */
  advise?(context: EnvironmentContext<Options>): Awaitable<readonly Advice[]>
  /** Change the machine. Return a function that undoes it. */
  apply?(context: EnvironmentContext<Options>): Awaitable<void | (() => Awaitable<void>)>
  /** Shape the worker process that is about to be spawned. Only append. */
  launch?(launch: Launch, context: EnvironmentContext<Options>): Awaitable<void>
  /** Inside the worker, before any load: throw unless the change took effect. */
  verify?(launch: Readonly<Launch>, context: EnvironmentContext<Options>): Awaitable<Facts>
  /** Start watching the machine, for what no worker can know about itself. Once per run, before any load. */
  watch?(context: EnvironmentContext<Options>): Awaitable<Watcher>
}

/** A setting that a machine implies. */
export interface DerivedSetting {
  /** As `--set` takes it, below `defaults` or `targets`: `defaults.workers`. */
  readonly path: string
  readonly value: Json
  /** For display, such as `NUMA node 0 has 2 CPUs`. */
  readonly reason: string
}

/** What to do about a machine. */
export interface Advice {
  /** What was found: `net.core.somaxconn is 4096, not at least 65535`. No full stop, as in the others. */
  readonly what: string
  /** What happens to a measurement if it stays so. */
  readonly why: string
  /** What to type or change. */
  readonly how: string
  /** `note`: runs can be good without it. @default `doubtful`: they may measure the wrong thing */
  readonly state?: 'note' | 'doubtful'
  /** What `apply` would set. */
  readonly change?: {
    readonly setting: string
    readonly from: string
    readonly to: string
    /** Whether the options ask for it, so that a run does it. */
    readonly isAsked: boolean
  }
}

/**
 * How a signal adds up. Of a `gauge`, such as memory in use, the mean over time and the maximum are kept. A `share` is a
 * gauge that says something about the time since the last `read`, such as the share of it that was stolen; the first one of
 * a phase is left out. A `counter` only grows at its source, such as time stolen since boot; the core takes the differences.
 */
export type SignalKind = 'gauge' | 'share' | 'counter'

/** A load worker that runs. Its load thread is the main thread of the process. */
export interface WorkerProcess {
  readonly index: number
  readonly pid: number
}

/** Samples the machine while it is under load. */
export interface Watcher {
  /** What it samples, by name. Names end in their unit: `memory.usedBytes`; those that the verdict reads are fixed. */
  readonly signals: Readonly<Record<string, SignalKind>>
  /** Why others cannot be sampled here, by name: `only the driver ena counts it`. */
  readonly missing?: Readonly<Record<string, string>>
  /** The values of this moment; what cannot be read now is left out. Called at the ends of intervals, never twice at once. */
  read(workers: readonly WorkerProcess[]): Awaitable<Readonly<Record<string, number>>>
  close(): Awaitable<void>
}

export interface EnvironmentContext<Options = any> {
  readonly options: Options
  readonly log: Logger
  readonly signal: AbortSignal
  /** Everything discovered on this machine so far, by plugin name; what the core itself knows is under `machine`. */
  readonly facts: Readonly<Record<string, Facts>>
}

/** The command line of one worker, in draft. */
export interface Launch {
  readonly worker: { readonly index: number; readonly total: number }
  /** Programs to run the worker under, outermost first. They must `exec` and keep environment and open files. */
  readonly wrap: string[]
  /** Flags for node itself, such as `--max-old-space-size=512`. */
  readonly execArgv: string[]
  readonly env: Record<string, string>
}
