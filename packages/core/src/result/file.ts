import type {
  FlowMetrics,
  GeneratorSample,
  HistogramView,
  Interval,
  Metrics,
  PhaseResult,
  RunResult,
  ScenarioResult,
} from '../plugin/model.ts'
import { flatLine, type FlatLine } from './flat-line.ts'

/** The version of the result file. It changes when files of before can no longer be read as they are. */
export const resultVersion = 1

/** A histogram as it stands in a file. Everything in nanoseconds. */
export interface StoredHistogram {
  readonly count: number
  readonly min: number
  readonly max: number
  readonly sum: number
  readonly overflow: number
  /** HdrHistogram V2, compressed, base64. */
  readonly hdr: string
}

/** An empty histogram is null. */
type Stored<T> = {
  [Key in keyof T]: T[Key] extends HistogramView ? StoredHistogram | null : T[Key]
}

export type StoredMetrics = Stored<Metrics>
export type StoredGenerator = Stored<GeneratorSample>
export interface StoredFlow extends Omit<FlowMetrics, 'operations' | 'total' | 'recorders'> {
  readonly operations: Readonly<Record<string, StoredMetrics>>
  readonly recorders: Readonly<Record<string, StoredHistogram | null>>
}
export interface StoredInterval extends Omit<Interval, 'phase' | 'flows' | 'generators'> {
  readonly flows: readonly StoredFlow[]
  readonly generators: readonly StoredGenerator[]
}
export interface StoredPhase extends Omit<
  PhaseResult,
  'phase' | 'startedAt' | 'flows' | 'generators' | 'intervals'
> {
  readonly phase: string
  readonly startedAt: string
  readonly flows: readonly StoredFlow[]
  readonly generators: readonly StoredGenerator[]
  readonly intervals: readonly StoredInterval[]
}
export interface StoredScenario
  extends FlatLine, Omit<ScenarioResult, 'scenario' | 'phases' | 'exitCode' | 'workers' | 'errors'> {
  readonly definition: ScenarioResult['scenario']
  readonly processes: ScenarioResult['workers']
  /** What went wrong outside the target; `errors` is the count of requests that went wrong. */
  readonly problems: ScenarioResult['errors']
  readonly phases: readonly StoredPhase[]
}

/** A run as it stands in a file; also what agents will send each other. */
export interface ResultFile {
  readonly $schema: string
  readonly format: 'cloudbench-result'
  readonly version: typeof resultVersion
  readonly run: Omit<RunResult['run'], 'startedAt' | 'scenarios'> & {
    readonly startedAt: string
    readonly endedAt: string
  }
  readonly reason: RunResult['reason']
  readonly exit: number
  readonly errors: RunResult['errors']
  /** Of the run; those of scenarios stand with them as well. */
  readonly checks: RunResult['checks']
  readonly scenarios: readonly StoredScenario[]
}

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
  const { scenario, phases, workers, errors, exitCode: _, ...rest } = result
  return {
    ...rest,
    ...flatLine(result),
    definition: scenario,
    processes: workers,
    problems: errors,
    phases: phases.map(storePhase),
  }
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
  return {
    ...metrics,
    response: storeHistogram(metrics.response),
    service: storeHistogram(metrics.service),
    lag: storeHistogram(metrics.lag),
    failures: storeHistogram(metrics.failures),
  }
}

function storeGenerator(sample: GeneratorSample): StoredGenerator {
  return { ...sample, lag: storeHistogram(sample.lag) }
}

function storeHistogram(histogram: HistogramView): StoredHistogram | null {
  const { count, min, max, sum, overflow } = histogram
  return count === 0 ? null : { count, min, max, sum, overflow, hdr: histogram.encode() }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
