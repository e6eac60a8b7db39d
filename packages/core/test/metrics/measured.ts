import { Histogram } from '../../src/metrics/histogram.ts'
import { emptyMetrics, sumFlow, sumMetrics } from '../../src/metrics/metrics.ts'
import type { FlowMetrics, Metrics, PhaseResult } from '../../src/plugin/model.ts'

/** Durations in milliseconds as a histogram. */
export function times(valuesMs: readonly number[]): Histogram {
  return Histogram.of(valuesMs.map((ms) => ms * 1e6))
}

/** A successful operation that took these times, in milliseconds. */
export function operation(timesMs: readonly number[], more: Partial<Metrics> = {}): Metrics {
  const count = timesMs.length
  return {
    ...emptyMetrics,
    scheduled: count,
    sent: count,
    ok: count,
    outcomes: { ok: { count, ok: true } },
    response: times(timesMs),
    service: times(timesMs.map((ms) => ms / 2)),
    lag: times(timesMs.map(() => 0.01)),
    ...more,
  }
}

export function flow(
  name: string,
  operations: Readonly<Record<string, Metrics>>,
  more: Partial<FlowMetrics> = {},
): FlowMetrics {
  return {
    ...sumFlow(name, []),
    operations,
    total: sumMetrics(Object.values(operations)),
    ...more,
  }
}

export function phase(
  flows: readonly FlowMetrics[],
  elapsedMs: number,
  kind: 'warmup' | 'measure' = 'measure',
): PhaseResult {
  return {
    phase: { name: kind, kind, scenario: 's', durationMs: elapsedMs, loads: {} },
    startedAt: new Date(0),
    elapsedMs,
    flows,
    generators: [],
    signals: [],
    intervals: [],
    breaches: [],
  }
}
