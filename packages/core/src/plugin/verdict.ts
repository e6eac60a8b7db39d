import type { MetricUnit } from './model.ts'

/**
 * Whether something that was measured can be believed. `suspect`: it may be off by more than its interval. `invalid`: it does
 * not measure the target. `unknown`: what would say so could not be read; never the same as `valid`.
 */
export type Validity = 'valid' | 'suspect' | 'invalid' | 'unknown'

/** Why a verdict is not `valid`. Stable: dashboards and scripts match on them. */
export const verdictCodes = [
  'ACCOUNTING',
  'BALLOON',
  'BURSTABLE',
  'CLOCK',
  'CLOSED_LOOP_GAP',
  'CPU_DRIFT',
  'CPU_FREQUENCY',
  'CPU_PRESSURE',
  'CPU_STEAL',
  'CPU_THROTTLED',
  'ERRORS',
  'GC',
  'GENERATOR_BUSY',
  'GENERATOR_CEILING',
  'GENERATOR_LAG',
  'GENERATOR_LIMITED',
  'IO_PRESSURE',
  'LOWER_BOUND',
  'MEMORY_LIMIT_MOVED',
  'MEMORY_PRESSURE',
  'NETWORK_DROPS',
  'NETWORK_LIMITED',
  'NOT_STEADY',
  'NUMA_REMOTE',
  'POOL_TOO_SMALL',
  'RUN_DELAY',
  'SWAP',
  'TARGET_SATURATED',
  'TCP_RETRANSMITS',
  'TOO_FEW_SAMPLES',
  'WORKER_LOST',
] as const

export type VerdictCode = (typeof verdictCodes)[number]

/** What limited the rate, where something did. */
export type Limit = 'generator' | 'target' | 'pool' | 'pool or target' | 'network'

export interface VerdictReason {
  readonly code: VerdictCode
  readonly validity: Exclude<Validity, 'valid'>
  /** For people: `the generator was late: p99 of its lag is 12 ms, 60 % of the response p99`. No full stop. */
  readonly text: string
  /** What to do about it: `use more workers (--workers) or a lower rate (--rate)`. */
  readonly advice: string
  /** In `unit`, as `threshold`, which it is beyond. Absent for what is no number. */
  readonly observed?: number
  readonly threshold?: number
  readonly unit?: MetricUnit | 'ppm'
  /** Absent for what concerns all flows. */
  readonly flow?: string
  readonly worker?: number
  /** Where it was at its worst, in milliseconds since the phase began. */
  readonly window?: { readonly phase: string; readonly startMs: number; readonly endMs: number }
}

/** Something that was watched, and how it stands with its thresholds. */
export interface SignalVerdict {
  /** As in the table of thresholds: `steal`. */
  readonly name: string
  /** `unknown`: it could not be read. */
  readonly validity: Validity
  /** The worst value, in `unit`; absent where unknown. */
  readonly observed?: number
  /** It is `suspect` above the first and `invalid` above the second. Null: never. In `unit`. */
  readonly suspectAbove: number | null
  readonly invalidAbove: number | null
  readonly unit: MetricUnit | 'ppm'
  /** Why it is unknown, where that is known: `no environment samples cpu.stealShare`. */
  readonly missing?: string
}

/** How well a quantile is established by the samples behind it: effective sample size × distance from the end. */
export type Grade = 'established' | 'indicative' | 'not established'

/** A number, its confidence interval, and whether it can be believed. */
export interface NumberVerdict {
  /** Absent for the total of all flows. */
  readonly flow?: string
  /** Absent for the total of a flow. */
  readonly operation?: string
  /** As checks name it: `rate`, `response.p99`, `service.mean`. */
  readonly metric: string
  readonly unit: MetricUnit
  readonly value: number
  /** 95 %. Absent where there were too few intervals for one. `high` null: open, the run was too short for an upper end. */
  readonly interval?: { readonly low: number; readonly high: number | null }
  /** Of quantiles. Absent where there were too few intervals to tell. */
  readonly grade?: Grade
  /** The value is a lower bound: print `≥`. */
  readonly isLowerBound?: boolean
  readonly validity: Validity
  /** Of those among the verdict's reasons that concern it. */
  readonly codes: readonly VerdictCode[]
}

/** Whether a flow behaved the same from some moment on. */
export interface SteadyState {
  readonly flow: string
  /** `unknown`: too few intervals. `overloaded`: more came due than was answered, so there is no steady state. */
  readonly kind: 'flat' | 'warmup' | 'slowdown' | 'not steady' | 'overloaded' | 'unknown'
  /** From when it was steady, in milliseconds since the measurement began. */
  readonly steadyFromMs?: number
  /** Change over the steady part, such as 0.08 for 8 % slower at its end; absent where there is none to speak of. */
  readonly drift?: number
}

/** Whether the measurement of a scenario can be believed. */
export interface Verdict {
  /**
   * Of the whole: `invalid` when nothing in it can be believed, `suspect` when the rate or a quantile up to p99 is suspect or
   * invalid. A number can be invalid in a valid run.
   */
  readonly validity: Validity
  /** Worst first. */
  readonly reasons: readonly VerdictReason[]
  readonly limitedBy?: Limit
  readonly numbers: readonly NumberVerdict[]
  readonly steadyStates: readonly SteadyState[]
  readonly signals: readonly SignalVerdict[]
  /** What was asked for: `valid` when suspect numbers are not to pass either. */
  readonly required: 'valid' | 'suspect'
  /** Invalid numbers pass, as was asked for. */
  readonly isInvalidAllowed: boolean
}
