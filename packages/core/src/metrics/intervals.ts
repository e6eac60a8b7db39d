import type { FlowMetrics, GeneratorSample, Interval, Metrics } from '../plugin/model.ts'
import type { FlowDelta, WorkerInterval } from '../protocol/protocol.ts'
import type { HistogramData } from './recorder.ts'
import { Histogram } from './histogram.ts'
import { sumFlowLists, sumMetrics } from './metrics.ts'

/** What a worker reported of a flow, as metrics. */
export function flowMetricsOf(flow: string, delta: FlowDelta): FlowMetrics {
  const operations: Record<string, Metrics> = {}
  for (const {
    operation,
    outcomes,
    response,
    service,
    lag,
    failures,
    censored,
    ...counts
  } of delta.operations) {
    const sent = counts.ok + counts.failed + counts.timedOut + counts.unanswered
    // an operation that was declared and did not happen
    if (sent + counts.unsent === 0) continue
    operations[operation] = {
      ...counts,
      sent,
      scheduled: sent + counts.unsent,
      outcomes,
      response: new Histogram(response),
      service: new Histogram(service),
      lag: new Histogram(lag),
      failures: new Histogram(failures),
      censored,
    }
  }
  return {
    flow,
    operations,
    total: sumMetrics(Object.values(operations)),
    connections: { opened: delta.opened, refused: delta.refused, openMs: delta.openMs },
    bytes: { sent: delta.bytesSent, received: delta.bytesReceived },
    counters: delta.counters,
    recorders: histograms(delta.recorders),
    inFlightMs: delta.inFlightMs,
  }
}

export function generatorOf(
  worker: number,
  { generator }: Pick<WorkerInterval, 'generator'>,
): GeneratorSample {
  return { ...generator, worker, lag: new Histogram(generator.lag) }
}

/** Two neighbouring stretches of the same phase as one; undefined when they are not. */
export function mergeIntervals(older: Interval, newer: Interval): Interval | undefined {
  if (older.phase !== newer.phase) return undefined
  return {
    phase: older.phase,
    startMs: Math.min(older.startMs, newer.startMs),
    endMs: Math.max(older.endMs, newer.endMs),
    flows: sumFlowLists([older.flows, newer.flows]),
    generators: sumGenerators([older, newer]),
    missing: Math.max(older.missing, newer.missing),
  }
}

/** What each worker said of itself over several stretches: times add up, shares are weighted by time. */
export function sumGenerators(
  parts: ReadonlyArray<Pick<Interval, 'startMs' | 'endMs' | 'generators'>>,
): GeneratorSample[] {
  const workers = [
    ...new Set(parts.flatMap(({ generators }) => generators.map(({ worker }) => worker))),
  ].toSorted((a, b) => a - b)
  return workers.map((worker) => {
    let busyMs = 0
    let spanMs = 0
    const samples: GeneratorSample[] = []
    for (const { startMs, endMs, generators } of parts)
      for (const sample of generators) {
        if (sample.worker !== worker) continue
        samples.push(sample)
        busyMs += sample.busy * (endMs - startMs)
        spanMs += endMs - startMs
      }
    const total = (pick: (sample: GeneratorSample) => number): number =>
      samples.reduce((sum, sample) => sum + pick(sample), 0)
    const most = (pick: (sample: GeneratorSample) => number): number =>
      samples.reduce((max, sample) => Math.max(max, pick(sample)), 0)
    return {
      worker,
      cpuMs: total(({ cpuMs }) => cpuMs),
      busy: spanMs > 0 ? busyMs / spanMs : 0,
      gcCount: total(({ gcCount }) => gcCount),
      gcMs: total(({ gcMs }) => gcMs),
      gcMaxMs: most(({ gcMaxMs }) => gcMaxMs),
      lag: Histogram.sum(samples.map(({ lag }) => lag)),
      rssBytes: most(({ rssBytes }) => rssBytes),
    }
  })
}

function histograms(data: Readonly<Record<string, HistogramData>>): Record<string, Histogram> {
  return Object.fromEntries(Object.entries(data).map(([name, histogram]) => [name, new Histogram(histogram)]))
}
