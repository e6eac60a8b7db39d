import { answeredInTime } from '../metrics/metrics.ts'
import type { FlowMetrics, Metrics } from '../plugin/model.ts'

/** A value, or why there is none. */
export type Reading =
  | {
      readonly value: number
      readonly missing?: undefined
    }
  | { readonly value?: undefined; readonly missing: string }

/** Lists what there was instead of what is missing. */
export function absent(kind: string, name: string, known: readonly string[]): Reading {
  const list = [...new Set(known)].toSorted()
  return {
    missing: `there was no ${kind} ${name}; ${list.length === 0 ? 'none are available' : `available: ${list.join(', ')}`}`,
  }
}

export function value(number: number): Reading {
  return { value: number }
}

export function perSecond(amount: number, elapsedMs: number): Reading {
  return elapsedMs > 0 ? value((amount * 1000) / elapsedMs) : { missing: 'no time elapsed' }
}

/** A part of a whole; `what` says what the whole consists of. */
export function share(part: number, whole: number, what: string): Reading {
  return whole > 0 ? value(part / whole) : { missing: `no ${what}` }
}

/** Answered until the end of the schedule. */
export function answered(metrics: readonly Metrics[]): number {
  return sumOf(metrics, answeredInTime)
}

/** Sent, and failed, timed out, or never answered. */
export function errors(metrics: readonly Metrics[]): number {
  return sum(metrics, 'failed') + sum(metrics, 'timedOut') + sum(metrics, 'unanswered')
}

/** Connection-milliseconds. */
export function open(flows: readonly FlowMetrics[]): number {
  return sumOf(flows, (flow) => flow.connections.openMs)
}

type CountKey = 'scheduled' | 'sent' | 'ok' | 'failed' | 'timedOut' | 'unanswered' | 'unsent'

export function sum(metrics: readonly Metrics[], key: CountKey): number {
  return sumOf(metrics, (part) => part[key])
}

export function sumOf<T>(parts: readonly T[], read: (part: T) => number): number {
  return parts.reduce((total, part) => total + read(part), 0)
}
