import type { ErrorCode } from '../errors.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { Json } from '../plugin/common.ts'
import type { AuditResult, LoopbackOptions } from '../plugin/driver.ts'
import type { Launch } from '../plugin/environment.ts'
import type { Facts } from '../plugin/facts.ts'
import type { Dispatch, Load, Tracing } from '../plugin/model.ts'
import type { LogTotals, WireLog } from './request-log.ts'

/** A plugin as sent to another process: where to import it from, and its options. */
export interface PluginModule {
  /** `file:` URL. */
  readonly url: string
  readonly name: string
  readonly options: Json
}

/** A flow as a worker sees it. */
export interface WireFlow {
  readonly name: string
  readonly driver: PluginModule
  readonly workload: string | undefined
  readonly target: string
  /** The most connections that any phase needs, over all workers. */
  readonly connections: number
}

export interface WirePhase {
  /** Salts the arrivals, so that the warm-up does not rehearse those of the measurement. */
  readonly number: number
  /** Number of the first request, of each flow: numbers go on where those of the phase before ended. */
  readonly firstIndices: readonly number[]
  readonly durationMs: number
  /** In the order of the flows. */
  readonly loads: readonly Load[]
  readonly intervalMs: number
  readonly drainMs: number
  readonly timeoutMs: number
}

/** The requests that a worker, or a loopback process, answers. */
export interface Requests {
  init: {
    readonly command: {
      readonly protocol: number
      readonly launch: Launch
      readonly environments: readonly PluginModule[]
      readonly facts: Readonly<Record<string, Facts>>
      readonly flows: readonly WireFlow[]
      /** What relative paths in options start from. */
      readonly folder: string
      readonly seed: number
      readonly dispatch: Dispatch
      readonly patienceMs: number
      /** What trace ids follow from. */
      readonly run: string
      readonly scenario: string
      readonly trace?: Tracing | undefined
      readonly log?: WireLog | undefined
    }
    readonly answer: { readonly facts: Readonly<Record<string, Facts>> }
  }
  prepare: { readonly command: { readonly flow: string }; readonly answer: { readonly facts: Facts } }
  open: { readonly command: { readonly flow: string }; readonly answer: { readonly opened: number } }
  /** Answered once what wakes the worker runs, so that the phase may begin at once. */
  ready: { readonly command: { readonly phase: WirePhase }; readonly answer: Record<never, never> }
  /** Follows `ready`. `startAtMs` is on the machine's monotonic clock, which its processes share. */
  phase: {
    readonly command: { readonly phase: WirePhase; readonly startAtMs: number }
    readonly answer: PhaseTotals
  }
  audit: {
    readonly command: { readonly flow: string }
    readonly answer: { readonly findings: readonly AuditResult[] }
  }
  cleanup: { readonly command: { readonly flow: string }; readonly answer: Record<never, never> }
  close: {
    readonly command: { readonly flow: string }
    readonly answer: { readonly errors: readonly string[] }
  }
  /** The last request: what connections shared is closed, and the process ends. */
  leave: {
    readonly command: Record<never, never>
    readonly answer: { readonly errors: readonly string[]; readonly log?: LogTotals | undefined }
  }
  loopback: {
    readonly command: { readonly driver: PluginModule; readonly options: LoopbackOptions }
    readonly answer: { readonly target: string }
  }
}

export type RequestName = keyof Requests

export type Command =
  | {
      [Name in RequestName]: { readonly type: Name; readonly id: number } & Requests[Name]['command']
    }[RequestName]
  /** Stop pacing now, and wait for what is in flight for at most `graceMs`. Not answered: the phase is. */
  | { readonly type: 'stop'; readonly graceMs: number }
  /** Import a driver that will be needed. Not answered: whatever is wrong with it shows when it is used. */
  | { readonly type: 'preload'; readonly url: string }
  /** Answered with `pong`, unless the event loop stands still. */
  | { readonly type: 'ping' }

export type Event =
  | { readonly type: 'answer'; readonly id: number; readonly answer: Requests[RequestName]['answer'] }
  | { readonly type: 'refusal'; readonly id: number; readonly error: WireError }
  | ({ readonly type: 'interval' } & WorkerInterval)
  | { readonly type: 'pong' }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn'; readonly message: string }
  /** The worker cannot continue, whatever it was asked to do. */
  | { readonly type: 'broken'; readonly error: WireError }

export interface WireError {
  readonly code: ErrorCode
  readonly what: string
  readonly expected?: string
  readonly next?: string
}

/** A worker's own count of a phase, kept apart from its reports, to verify them. */
export interface PhaseTotals {
  readonly elapsedMs: number
  readonly flows: readonly FlowTotals[]
}

export interface FlowTotals {
  readonly scheduled: number
  readonly sent: number
  readonly done: number
  readonly timedOut: number
  readonly unanswered: number
  readonly unsent: number
  /** Time integral of requests in flight, from changes of the gauge. All times end with the schedule. */
  readonly inFlightMs: number
  /** The same from the other side: the sum of every request's own time in flight. */
  readonly requestMs: number
  /** Time integrals of places for requests, and of the connections that have them. */
  readonly slotMs: number
  readonly laneMs: number
  /** The sum of what every place has waited from an answer, or its beginning, to the next request. */
  readonly waitMs: number
  /** How many places there have been: each sends its first request without a thought. */
  readonly slotsAdded: number
  /** Answers to requests that had been answered or given up before. */
  readonly surplusAnswers: number
}
