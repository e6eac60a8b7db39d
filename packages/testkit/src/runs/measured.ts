import type { FlowMetrics, GeneratorSample, HistogramView, MachineSignals, Metrics } from '@cloudbench/core'
import { Histogram, sumFlow, sumMetrics } from '@cloudbench/core'

/** How many requests of one operation ended how. */
export interface Tally {
  readonly ok?: number
  readonly failed?: number
  readonly timedOut?: number
  readonly unsent?: number
}

const microsecond = 1_000

/** What was measured of a flow. Response times rise evenly from 200 µs on. */
export function flowOf(
  flow: string,
  operations: Readonly<Record<string, Tally>>,
  outcome = 'hit',
): FlowMetrics {
  const measured = Object.fromEntries(
    Object.entries(operations).map(([name, tally]) => [name, metricsOf(tally, outcome)]),
  )
  const total = sumMetrics(Object.values(measured))
  const nothing = sumFlow(flow, [])
  return {
    ...nothing,
    operations: measured,
    total,
    connections: { ...nothing.connections, opened: 4, openMs: 40_000 },
    bytes: { ...nothing.bytes, sent: 30 * total.sent, received: 120 * total.ok },
    counters: { retries: total.failed },
    recorders: { 'end to end': times(total.ok, 700) },
    inFlightMs: total.sent / 2,
  }
}

function metricsOf({ ok = 0, failed = 0, timedOut = 0, unsent = 0 }: Tally, outcome: string): Metrics {
  return {
    ...sumMetrics([]),
    scheduled: ok + failed + timedOut + unsent,
    sent: ok + failed + timedOut,
    ok,
    failed,
    timedOut,
    unsent,
    outcomes: {
      ...(ok > 0 && { [outcome]: { count: ok, ok: true } }),
      ...(failed > 0 && { ECONNRESET: { count: failed, ok: false } }),
    },
    response: times(ok + timedOut + unsent, 200),
    service: times(ok + timedOut, 150),
    lag: times(ok + failed + timedOut, 20),
    failures: times(failed, 90),
    censored: timedOut + unsent,
  }
}

function times(count: number, fromUs: number): HistogramView {
  if (count === 0) return Histogram.empty
  return Histogram.of(Array.from({ length: count }, (_, at) => (fromUs + at) * microsecond))
}

export const generator: GeneratorSample = {
  worker: 0,
  cpuMs: 412.5,
  busy: 0.31,
  gcCount: 2,
  gcMs: 3.25,
  gcMinorMs: 1.25,
  gcMajorMs: 2,
  gcIncrementalMs: 0,
  gcWeakMs: 0,
  gcMaxMs: 2,
  allocatedBytes: 1_350_000,
  lag: times(50, 5),
  hiccup: times(200, 3),
  rssBytes: 90_000_000,
}

export const signals: MachineSignals = {
  machine: 'local',
  gauges: { 'memory.usedBytes': { mean: 120_000_000.5, max: 131_072_000, observedMs: 1_000 } },
  counters: { 'memory.stalledMs': 1.25 },
}
