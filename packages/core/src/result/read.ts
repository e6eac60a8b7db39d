import { readFile } from 'node:fs/promises'
import { CloudbenchError, messageOf } from '../errors.ts'
import { decodeHdr } from '../metrics/hdr.ts'
import { Histogram } from '../metrics/histogram.ts'
import { sumMetrics } from '../metrics/metrics.ts'
import { mapEach } from '../metrics/record.ts'
import type {
  FlowMetrics,
  GeneratorSample,
  Interval,
  Metrics,
  Phase,
  PhaseResult,
  RunResult,
  ScenarioResult,
} from '../plugin/model.ts'
import { generatorDistributions, operationDistributions } from '../plugin/record.ts'
import { resultVersion } from './file.ts'
import type { StoredHistogram } from './record-schema.ts'
import type {
  ResultFile,
  StoredFlow,
  StoredGenerator,
  StoredInterval,
  StoredMetrics,
  StoredPhase,
  StoredScenario,
} from './schema.ts'
import { parseResultFile } from './schema.ts'

/** Reads a result file back into what reporters get; the numbers are the same as live. */
export async function readResult(path: string): Promise<RunResult> {
  const file = parseResultFile(await readJson(path), path)
  try {
    return reviveResult(file)
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause)
  }
}

async function readJson(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw unreadable(path, `it is not JSON: ${messageOf(cause)}`, cause)
  }
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown }
  if (format !== 'cloudbench-result') throw unreadable(path, 'it was not written by cloudbench')
  if (version !== resultVersion)
    throw unreadable(path, `it has version ${String(version)}, but this cloudbench reads ${resultVersion}`)
  return value
}

function unreadable(path: string, why: string, cause?: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_RESULT_FILE',
    what: `${path} cannot be read as a result: ${why}`,
    expected: 'a result file as the json reporter writes it',
    next: 'cloudbench report .cloudbench/<run>.json',
    cause,
  })
}

/** A checked file as the result it was made of. */
export function reviveResult({ run, reason, exit, errors, checks, scenarios }: ResultFile): RunResult {
  const { endedAt, startedAt, ...rest } = run
  return {
    run: {
      ...rest,
      startedAt: new Date(startedAt),
      scenarios: scenarios.map(({ definition }) => definition),
    },
    endedAt: new Date(endedAt),
    reason,
    exitCode: exit,
    errors,
    checks,
    scenarios: scenarios.map(reviveScenario),
  }
}

function reviveScenario({
  definition,
  phases,
  reason,
  exit,
  checks,
  audits,
  prepared,
  problems,
  processes,
}: StoredScenario): ScenarioResult {
  return {
    scenario: definition,
    ...(prepared && { prepared }),
    workers: processes,
    phases: phases.map((phase) => revivePhase(phase, definition.phases)),
    reason,
    exitCode: exit,
    checks,
    audits,
    errors: problems,
  }
}

function revivePhase(
  { phase: name, startedAt, flows, generators, intervals, ...rest }: StoredPhase,
  phases: readonly Phase[],
): PhaseResult {
  const phase = phases.find((candidate) => candidate.name === name)
  if (!phase) throw new Error(`phase "${name}" is not among those of its scenario`)
  return {
    ...rest,
    phase,
    startedAt: new Date(startedAt),
    flows: flows.map(reviveFlow),
    generators: generators.map(reviveGenerator),
    intervals: intervals.map((interval) => reviveInterval(interval, phase)),
  }
}

function reviveInterval({ flows, generators, ...rest }: StoredInterval, phase: Phase): Interval {
  return { ...rest, phase, flows: flows.map(reviveFlow), generators: generators.map(reviveGenerator) }
}

function reviveFlow({ operations: stored, recorders, ...rest }: StoredFlow): FlowMetrics {
  const operations = Object.fromEntries(
    Object.entries(stored).map(([name, metrics]) => [name, reviveMetrics(metrics)]),
  )
  return {
    ...rest,
    operations,
    total: sumMetrics(Object.values(operations)),
    recorders: Object.fromEntries(
      Object.entries(recorders).map(([name, recorder]) => [name, reviveHistogram(recorder)]),
    ),
  }
}

function reviveMetrics(metrics: StoredMetrics): Metrics {
  return { ...metrics, ...mapEach(operationDistributions, (name) => reviveHistogram(metrics[name])) }
}

function reviveGenerator(sample: StoredGenerator): GeneratorSample {
  return { ...sample, ...mapEach(generatorDistributions, (name) => reviveHistogram(sample[name])) }
}

function reviveHistogram(stored: StoredHistogram): Histogram {
  if (stored === null) return Histogram.empty
  const { hdr, ...exact } = stored
  const histogram = new Histogram({ ...exact, ...decodeHdr(hdr) })
  const counted = histogram.data.counts.reduce((sum, count) => sum + count, 0) + exact.overflow
  if (counted !== exact.count) throw new Error(`a histogram of ${exact.count} values contains ${counted}`)
  return histogram
}
