import type { FlowMetrics, Interval, Phase, PhaseResult } from '@cloudbench/core'
import { sumFlowLists } from '@cloudbench/core'
import { generator, signals } from './measured.ts'

export interface Part {
  readonly name: string
  readonly kind: Phase['kind']
  readonly durationMs: number
  /** What each interval holds, flow by flow. */
  readonly intervals: readonly (readonly FlowMetrics[])[]
  /** How long it went on; less than its duration when it was cut short. */
  readonly elapsedMs?: number
  readonly breaches?: readonly string[]
}

export const startedAt = new Date('2026-03-01T12:00:00.000Z')

/** A phase that sends 100 requests a second in every flow. */
export function phaseOf(scenario: string, flows: readonly string[], part: Part): Phase {
  const { name, kind, durationMs } = part
  const load = {
    model: 'open',
    connections: 4,
    arrivals: 'poisson',
    stages: [{ durationMs, fromPerSecond: 100, toPerSecond: 100 }],
  } as const
  return { name, kind, scenario, durationMs, loads: Object.fromEntries(flows.map((flow) => [flow, load])) }
}

/** What came of a phase: the sum of its intervals. */
export function resultOf(phase: Phase, part: Part): PhaseResult {
  const { elapsedMs = part.durationMs, breaches = [] } = part
  const widthMs = elapsedMs / Math.max(part.intervals.length, 1)
  const intervals: Interval[] = part.intervals.map((flows, at) => ({
    phase,
    startMs: at * widthMs,
    endMs: (at + 1) * widthMs,
    flows,
    generators: [generator],
    signals: [signals],
    missing: 0,
  }))
  return {
    phase,
    startedAt,
    elapsedMs,
    flows: sumFlowLists(part.intervals),
    generators: intervals.length > 0 ? [generator] : [],
    signals: intervals.length > 0 ? [signals] : [],
    intervals,
    breaches,
  }
}
