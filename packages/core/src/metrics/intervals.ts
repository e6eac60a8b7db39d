import type { FlowMetrics, GeneratorSample, Interval, Metrics } from '../plugin/model.ts'
import { generatorDistributions, generatorReadings, operationDistributions } from '../plugin/record.ts'
import type { FlowDelta, GeneratorDelta, OperationDelta } from './delta.ts'
import { Histogram } from './histogram.ts'
import { sumFlowLists, sumMetrics } from './metrics.ts'
import { mapEach, mergers, sentOf } from './record.ts'
import { mergeRequests } from './requests.ts'
import { sumSignals } from './signals.ts'

/** What a worker reported about a flow, as metrics. */
export function flowMetricsOf(
  flow: string,
  { operations: deltas, sent: _, requests: __, ...rest }: FlowDelta,
): FlowMetrics {
  const operations: Record<string, Metrics> = {}
  for (const { operation, ...delta } of deltas) {
    const metrics = metricsOf(delta)
    // an operation that was declared but did not happen
    if (metrics.scheduled > 0) operations[operation] = metrics
  }
  return {
    ...rest,
    flow,
    operations,
    total: sumMetrics(Object.values(operations)),
    recorders: Object.fromEntries(
      Object.entries(rest.recorders).map(([name, data]) => [name, new Histogram(data)]),
    ),
  }
}

function metricsOf(delta: Omit<OperationDelta, 'operation'>): Metrics {
  const sent = sentOf(delta)
  return {
    ...delta,
    sent,
    scheduled: sent + delta.unsent,
    ...mapEach(operationDistributions, (name) => new Histogram(delta[name])),
  }
}

/** What a worker reported about itself. */
export function generatorOf(worker: number, generator: GeneratorDelta): GeneratorSample {
  return {
    ...generator,
    worker,
    ...mapEach(generatorDistributions, (name) => new Histogram(generator[name])),
  }
}

/** Two neighbouring stretches of the same phase as one; undefined if they are anything else. */
export function mergeIntervals(older: Interval, newer: Interval): Interval | undefined {
  if (older.phase !== newer.phase) return undefined
  return {
    phase: older.phase,
    startMs: Math.min(older.startMs, newer.startMs),
    endMs: Math.max(older.endMs, newer.endMs),
    ...(older.phaseStartedAt && { phaseStartedAt: older.phaseStartedAt }),
    flows: sumFlowLists([older.flows, newer.flows]),
    generators: sumGenerators([older, newer]),
    signals: sumSignals([...older.signals, ...newer.signals]),
    missing: Math.max(older.missing, newer.missing),
    ...mergeRequests([older, newer]),
  }
}

/** What each worker reported about itself over several stretches: times add up, shares are weighted by time. */
export function sumGenerators(
  parts: ReadonlyArray<Pick<Interval, 'startMs' | 'endMs' | 'generators'>>,
): GeneratorSample[] {
  const workers = [
    ...new Set(parts.flatMap(({ generators }) => generators.map(({ worker }) => worker))),
  ].toSorted((a, b) => a - b)
  return workers.map((worker) => {
    const own = parts.flatMap(({ startMs, endMs, generators }) =>
      generators
        .filter((sample) => sample.worker === worker)
        .map((sample) => ({ sample, spanMs: endMs - startMs })),
    )
    return {
      worker,
      ...mapEach(generatorReadings, (name, { merge }) =>
        mergers[merge](own.map(({ sample, spanMs }) => ({ value: sample[name], spanMs }))),
      ),
      ...mapEach(generatorDistributions, (name) => Histogram.sum(own.map(({ sample }) => sample[name]))),
    }
  })
}
