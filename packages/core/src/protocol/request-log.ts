import type { Phase } from '../plugin/model.ts'

/** The request log of a worker. */
export interface WireLog {
  /** Absolute path. */
  readonly file: string
  /** The share of requests that are logged: 0 to 1. */
  readonly sample: number
  /** The same moment on the machine's monotonic clock and on its wall clock. */
  readonly anchor: { readonly monotonicNs: number; readonly wallClockMs: number }
  readonly flows: readonly { readonly name: string; readonly driver: string; readonly workload: string }[]
  readonly phases: readonly { readonly name: string; readonly kind: Phase['kind'] }[]
  /** The version of cloudbench. */
  readonly version: string
}

/** What became of the requests that a worker was to log. */
export interface LogTotals {
  /** Those in the file, and those that are not. */
  readonly records: number
  readonly dropped: number
  readonly bytes: number
  /** Why some are not. */
  readonly error?: string
}
