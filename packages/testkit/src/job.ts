import type { Json, LoopbackOptions } from '@cloudbench/core'
import type { DriverProbe } from './child/driver/probes.ts'
import type { EnvironmentProbe } from './child/environment/probes.ts'
import type { ReporterProbe } from './child/reporter/probes.ts'
import type { FaultDetails } from './fault.ts'
import type { RunName } from './runs/runs.ts'

/** What every process of the kit needs to know about the plugin. */
interface PluginJob {
  /** `file:` URL. */
  readonly url: string
  readonly options: Json
  /** Options that the plugin must refuse. */
  readonly refused: readonly Json[]
  /** How long a single call into the plugin may take. */
  readonly limitMs: number
}

export interface DriverJob extends PluginJob {
  readonly kind: 'driver'
  readonly probe: DriverProbe
  readonly workload: string | undefined
  /** Absent: the driver's own loopback server. */
  readonly target: string | undefined
  readonly requests: number
  readonly isRepeatable: boolean
}

/** A driver's loopback server, in a process of its own. */
export interface LoopbackJob {
  readonly kind: 'loopback'
  readonly url: string
  readonly options: LoopbackOptions
  readonly limitMs: number
}

export interface EnvironmentJob extends PluginJob {
  readonly kind: 'environment'
  /** `draft` is not a probe: it answers with what `launch` makes of a worker. */
  readonly probe: EnvironmentProbe | 'draft'
  /** Options with which there is nothing to discover. */
  readonly absent: Json | undefined
  /** Whether the parent can report the state of the machine. */
  readonly hasSnapshot: boolean
}

/** An environment's `verify`, inside a worker. */
export interface VerifyJob {
  readonly kind: 'verify'
  readonly url: string
  readonly options: Json
  readonly launch: Json
  readonly facts: Json
  /** Whether the worker was started as `launch` says; if not, `verify` must throw. */
  readonly isShaped: boolean
  /** What an unshaped worker lacks, in words. */
  readonly without: string
  readonly limitMs: number
}

export interface ReporterJob extends PluginJob {
  readonly kind: 'reporter'
  readonly probe: ReporterProbe
  readonly run: RunName
  /** The output folder. */
  readonly folder: string
}

/** Does nothing: shows whether a command line works. */
interface IdleJob {
  readonly kind: 'idle'
}

export type Job = DriverJob | LoopbackJob | EnvironmentJob | VerifyJob | ReporterJob | IdleJob

/** From a process of the kit to the one that started it. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'passed'; readonly notes: readonly string[]; readonly value: Json }
  | { readonly type: 'fault'; readonly fault: FaultDetails }
  /** A loopback server is up. */
  | { readonly type: 'serving'; readonly target: string }
  /** What it is about to do, so that the parent can say where it hung. */
  | { readonly type: 'doing'; readonly what: string }
  /** Sent regularly while the event loop turns. */
  | { readonly type: 'alive' }
  /** Expects an answer in JSON. */
  | { readonly type: 'question'; readonly question: string }

/** To a process of the kit. */
export type Order =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'answer'; readonly answer: Json }
  | { readonly type: 'refusal'; readonly message: string }
  /** To a loopback server: close, report what is left, and exit. */
  | { readonly type: 'close' }
