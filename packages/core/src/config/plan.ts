import type { Alert } from '../checks/alert.ts'
import type { Check } from '../checks/checks.ts'
import type { Plugin } from '../hooks/lifecycle.ts'
import type { Json } from '../plugin/common.ts'
import type { Dispatch, Load, Setting, Source, Tracing } from '../plugin/model.ts'
import type { Reporter, TerminalClaim } from '../plugin/reporter.ts'

/** A plugin, as the user named it. */
export interface PluginRef {
  /** `redis`, `@acme/cloudbench-driver-x`, `./drivers/mine.ts` or a `file:` URL. */
  readonly specifier: string
  readonly options: Json
}

/** A reporter written directly into `cloudbench.config.ts`. */
export type InlineReporter = Reporter & {
  readonly name?: string
  /** It gets no `terminal.screen`, but the stream that it claims is closed to other reporters. */
  readonly terminal?: Exclude<TerminalClaim, 'screen'>
}

/** Everything the orchestrator needs, with every unit parsed and every default filled in. */
export interface RunPlan {
  readonly name: string
  readonly scenarios: readonly ScenarioPlan[]
  readonly environment: readonly PluginRef[]
  readonly reporters: readonly (PluginRef | InlineReporter)[]
  /** Inline hook plugins of `cloudbench.config.ts`. */
  readonly plugins: readonly Plugin[]
  /** SHA-256 of the resolved configuration, secrets and what was derived from the machine left out. */
  readonly configDigest: string
  /** The resolved configuration, secrets redacted. Frozen. */
  readonly config: Readonly<Record<string, unknown>>
  /** The same with where each value was written, for the result: what belongs to other scenarios left out. */
  readonly configuration: readonly Setting[]
  /** Absolute path of the folder for results. */
  readonly outputFolder: string
  /** `file:` URL that plugin names are resolved from: the config file, or the folder cloudbench was started in. */
  readonly resolveFrom: string
  /** Replaces every known secret with `***`. Everything that leaves the process goes through it. */
  redact(text: string): string
}

export interface ScenarioPlan {
  readonly id: string
  /** Where it was written; absent for what is built in. */
  readonly source?: Source
  readonly description: string
  readonly tags: readonly string[]
  readonly flows: readonly FlowPlan[]
  readonly phases: readonly PhasePlan[]
  /** It runs once for each of these. Absent: once, by the client that its options say. */
  readonly clients?: 'all' | readonly string[]
  /** The scenario that this is a part of, where it runs for one of several clients. */
  readonly comparison?: string
  readonly checks: readonly Check[]
  /** What must not happen while it runs. */
  readonly alerts: readonly Alert[]
  /** `auto`: as many as a calibration finds. */
  readonly workers: number | 'auto'
  readonly dispatch: Dispatch
  readonly seed: number
  readonly intervalMs: number
  readonly trace?: Tracing
  /** The share of requests that is logged, more than 0. Absent: there is no log. */
  readonly log?: { readonly sample: number }
  /** How the measurement is judged. Absent: with the built-in thresholds, and suspect numbers pass. */
  readonly verdict?: VerdictPlan
  /** How long requests that are late may still be sent and answered after a phase. */
  readonly drainMs: number
  /** After this long without an answer a request counts as timed out and its connection is replaced. */
  readonly timeoutMs: number
  /** How long a driver may take for a step beside the load. Absent: `defaultPatienceMs`. */
  readonly patienceMs?: number
}

/** How the measurement is judged. */
export interface VerdictPlan {
  /** `valid`: a suspect number makes a run invalid too. */
  readonly required: 'valid' | 'suspect'
  /** What is invalid passes, and reports say so. */
  readonly isInvalidAllowed: boolean
  /** By the name of a signal; they replace those of the built-in table, as far as they are there. */
  readonly thresholds: Readonly<Record<string, Partial<Thresholds>>>
}

/** In the unit of the signal; null: never. */
export interface Thresholds {
  readonly suspectAbove: number | null
  readonly invalidAbove: number | null
}

/** A plan whose number of workers is known. */
export type SizedPlan = ScenarioPlan & { readonly workers: number }

export interface FlowPlan {
  readonly name: string
  readonly driver: string
  /** The driver's first workload when absent. */
  readonly workload: string | undefined
  readonly target: TargetPlan
  /** The target's options and the flow's, merged layer by layer; within a layer the flow wins. */
  readonly options: { readonly [key: string]: Json }
}

export interface TargetPlan {
  readonly name: string
  /** With secrets in it. Absent or `auto`: a service that is found or started, else the driver's loopback; `loopback`: that. */
  readonly url: string | undefined
  readonly zone?: string | undefined
}

export interface PhasePlan {
  readonly name: string
  readonly kind: 'warmup' | 'measure'
  readonly durationMs: number
  /** By flow name. */
  readonly loads: Readonly<Record<string, Load>>
}
