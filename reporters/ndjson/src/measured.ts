import {
  errorsOf,
  ratePerSecond,
  type FlowMetrics,
  type GeneratorSample,
  type HistogramView,
  type Metrics,
} from '@cloudbench/core'

/** What a line may hold. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** One flow over some time, with each of its operations. */
export function flowOf(flow: FlowMetrics, elapsedMs: number): Value {
  const { total, operations, connections, bytes, inFlightMs } = flow
  return {
    flow: flow.flow,
    ...metricsOf(total, elapsedMs),
    connections_mean: mean(connections.openMs, elapsedMs),
    connections_opened: connections.opened,
    connections_refused: connections.refused,
    in_flight_mean: mean(inFlightMs, elapsedMs),
    sent_bytes: bytes.sent,
    received_bytes: bytes.received,
    operations: Object.entries(operations).map(([operation, metrics]) => ({
      operation,
      ...metricsOf(metrics, elapsedMs),
    })),
  }
}

function metricsOf(metrics: Metrics, elapsedMs: number): { readonly [key: string]: Value } {
  const { scheduled, sent, ok, failed, timedOut, unanswered, unsent, outcomes } = metrics
  return {
    scheduled,
    sent,
    ok,
    failed,
    timed_out: timedOut,
    unanswered,
    unsent,
    errors: errorsOf(metrics),
    rate_per_sec: rounded(ratePerSecond(metrics, elapsedMs)),
    response: timesOf(metrics.response),
    service: timesOf(metrics.service),
    lag: timesOf(metrics.lag),
    // a list: a name that is a key could be any word of the format
    outcomes: Object.entries(outcomes).map(([outcome, { count, ok: isOk }]) => ({
      outcome,
      count,
      ok: isOk,
    })),
  }
}

function timesOf(histogram: HistogramView): Value {
  const { count, mean: meanNs, max } = histogram
  return {
    count,
    mean_ms: count === 0 ? null : ms(meanNs),
    p50_ms: ms(histogram.percentile(50)),
    p90_ms: ms(histogram.percentile(90)),
    p95_ms: ms(histogram.percentile(95)),
    p99_ms: ms(histogram.percentile(99)),
    p999_ms: ms(histogram.percentile(99.9)),
    max_ms: count === 0 ? null : ms(max),
  }
}

/** What a worker measured of itself. */
export function generatorOf(sample: GeneratorSample): Value {
  const { worker, cpuMs, busy, gcCount, gcMs, gcMaxMs, allocatedBytes, rssBytes, lag, hiccup } = sample
  return {
    worker,
    cpu_ms: rounded(cpuMs),
    busy_pct: rounded(busy * 100),
    gc_count: gcCount,
    gc_ms: rounded(gcMs),
    gc_max_ms: rounded(gcMaxMs),
    gc_minor_ms: rounded(sample.gcMinorMs),
    gc_major_ms: rounded(sample.gcMajorMs),
    gc_incremental_ms: rounded(sample.gcIncrementalMs),
    gc_weak_ms: rounded(sample.gcWeakMs),
    allocated_bytes: Math.round(allocatedBytes),
    rss_bytes: Math.round(rssBytes),
    lag: timesOf(lag),
    hiccup: timesOf(hiccup),
  }
}

export function seconds(durationMs: number): number {
  return Number((durationMs / 1000).toFixed(6))
}

function mean(integralMs: number, elapsedMs: number): number | null {
  return elapsedMs > 0 ? rounded(integralMs / elapsedMs) : null
}

/** To microseconds; null where there is none, or beyond the range of the histogram. */
function ms(ns: number): number | null {
  return Number.isFinite(ns) ? Math.round(ns / 1e3) / 1e3 : null
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(3)) : null
}
