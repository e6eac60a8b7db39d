import { mapEach } from '../metrics/record.ts'
import type {
  FlowMetrics,
  GeneratorSample,
  HistogramView,
  Metrics,
  PhaseResult,
  RunResult,
  ScenarioResult,
} from '../plugin/model.ts'
import { generatorDistributions, operationDistributions } from '../plugin/record.ts'
import type { Verdict } from '../plugin/verdict.ts'
import { flatLine } from './flat-line.ts'
import type { StoredHistogram } from './record-schema.ts'
import type {
  ResultFile,
  StoredFlow,
  StoredGenerator,
  StoredMetrics,
  StoredPhase,
  StoredScenario,
  StoredVerdict,
} from './schema.ts'

/** The version of the result file. It changes when older files can no longer be read as they are. */
export const resultVersion = 1

/** The JSON value of a result. */
export function resultFile(result: RunResult): ResultFile {
  const { startedAt, scenarios: _, ...run } = result.run
  return {
    $schema: 'https://unpkg.com/@cloudbench/core/schema/result-1.schema.json',
    format: 'cloudbench-result',
    version: resultVersion,
    run: { ...run, startedAt: startedAt.toISOString(), endedAt: result.endedAt.toISOString() },
    reason: result.reason,
    exit: result.exitCode,
    errors: result.errors,
    checks: result.checks,
    scenarios: result.scenarios.map(storeScenario),
  }
}

function storeScenario(result: ScenarioResult): StoredScenario {
  const { scenario, phases, workers, errors, exitCode: _, verdict, ...rest } = result
  return {
    ...rest,
    ...flatLine(result),
    ...(verdict && { judgement: storeVerdict(verdict) }),
    definition: scenario,
    processes: workers,
    problems: errors,
    phases: phases.map(storePhase),
  }
}

function storeVerdict(verdict: Verdict): StoredVerdict {
  const numbers = verdict.numbers.map((number) => ({
    ...number,
    value: Number.isFinite(number.value) ? number.value : null,
  }))
  return { ...verdict, numbers }
}

function storePhase({ phase, startedAt, flows, generators, intervals, ...rest }: PhaseResult): StoredPhase {
  return {
    ...rest,
    phase: phase.name,
    startedAt: startedAt.toISOString(),
    flows: flows.map(storeFlow),
    generators: generators.map(storeGenerator),
    intervals: intervals.map(({ phase: _, flows: own, generators: watched, ...interval }) => ({
      ...interval,
      flows: own.map(storeFlow),
      generators: watched.map(storeGenerator),
    })),
  }
}

function storeFlow({ operations, total: _, recorders, ...rest }: FlowMetrics): StoredFlow {
  return {
    ...rest,
    operations: mapValues(operations, storeMetrics),
    recorders: mapValues(recorders, storeHistogram),
  }
}

function storeMetrics(metrics: Metrics): StoredMetrics {
  return { ...metrics, ...mapEach(operationDistributions, (name) => storeHistogram(metrics[name])) }
}

function storeGenerator(sample: GeneratorSample): StoredGenerator {
  return { ...sample, ...mapEach(generatorDistributions, (name) => storeHistogram(sample[name])) }
}

function storeHistogram(histogram: HistogramView): StoredHistogram {
  const { count, min, max, sum, overflow } = histogram
  return count === 0 ? null : { count, min, max, sum, overflow, hdr: histogram.encode() }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
