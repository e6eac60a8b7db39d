import { Histogram } from '../../src/metrics/histogram.ts'
import type { FlowMetrics, Interval, Metrics, Phase, PhaseResult } from '../../src/plugin/model.ts'
import { flow, operation } from '../metrics/measured.ts'

/** What happened in a stretch of time. */
export interface Stretch {
  /** @default 1000 */
  readonly spanMs?: number
  /** Answers. */
  readonly ok?: number
  readonly failed?: number
  /** How long each answer took. @default 1 */
  readonly tookMs?: number
  /** Share of the look-ups that hit a cache. */
  readonly residency?: number
  /** Workers that are late. */
  readonly missing?: number
  readonly flow?: string
}

/** One flow with one operation, `get`. */
export function flowOf({
  ok = 0,
  failed = 0,
  tookMs = 1,
  residency,
  flow: name = 'main',
}: Stretch): FlowMetrics {
  const sent = ok + failed
  const took = Histogram.of(Array.from({ length: ok }, () => tookMs * 1e6))
  const outcomes = { ok: { count: ok, ok: true }, '503': { count: failed, ok: false } }
  const get: Metrics = operation([], {
    scheduled: sent,
    sent,
    ok,
    failed,
    outcomes,
    response: took,
    service: took,
  })
  const counters =
    residency === undefined
      ? {}
      : { 'cache.hits': Math.round(residency * 1e6), 'cache.misses': Math.round((1 - residency) * 1e6) }
  return flow(name, sent > 0 ? { get } : {}, { counters })
}

export function phaseOf(durationMs: number, kind: Phase['kind'] = 'measure'): Phase {
  return { name: kind, kind, scenario: 's', durationMs, loads: {} }
}

/** Stretches one after another, as the intervals of a phase. */
export function intervalsOf(stretches: readonly Stretch[], phase?: Phase): Interval[] {
  const totalMs = stretches.reduce((sum, { spanMs = 1000 }) => sum + spanMs, 0)
  const of = phase ?? phaseOf(totalMs)
  let atMs = 0
  return stretches.map((stretch) => {
    const startMs = atMs
    atMs += stretch.spanMs ?? 1000
    return {
      phase: of,
      startMs,
      endMs: atMs,
      flows: [flowOf(stretch)],
      generators: [],
      signals: [],
      missing: stretch.missing ?? 0,
    }
  })
}

export function times<Item>(count: number, item: Item): Item[] {
  return Array.from({ length: count }, () => item)
}

/** A phase of these intervals. */
export function phaseResultOf(intervals: readonly Interval[], flows: readonly FlowMetrics[]): PhaseResult {
  const { phase } = intervals[0]!
  return {
    phase,
    startedAt: new Date(0),
    elapsedMs: phase.durationMs,
    flows,
    generators: [],
    signals: [],
    intervals,
    breaches: [],
  }
}
