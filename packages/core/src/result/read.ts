import { CloudbenchError, messageOf } from '../errors.ts'
import { decodeHdr, type Allowance } from '../metrics/hdr-reader.ts'
import { Histogram } from '../metrics/histogram.ts'
import { histogramFlaw } from '../metrics/laws.ts'
import { sumMetrics } from '../metrics/metrics.ts'
import { mapEach } from '../metrics/record.ts'
import { extentOf } from '../metrics/recorder.ts'
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
import { generatorDistributions, generatorReadings, operationDistributions } from '../plugin/record.ts'
import type { Verdict } from '../plugin/verdict.ts'
import { contradict } from './contradictions.ts'
import { readDocument } from './document.ts'
import { resultVersion } from './file.ts'
import { at, eachAt, entriesAt, Flaw } from './place.ts'
import type { StoredHistogram } from './record-schema.ts'
import type {
  ResultFile,
  StoredFlow,
  StoredGenerator,
  StoredInterval,
  StoredMetrics,
  StoredPhase,
  StoredScenario,
  StoredVerdict,
} from './schema.ts'
import { parseResultFile } from './schema.ts'

/** What all histograms of a file may have in bytes when they are unpacked: some twenty million used slots. */
const unpackedBytes = 64 * 2 ** 20

/**
 * Reads a result file back into what reporters get; the numbers are the same as live. The file may come from anywhere:
 * what is too much is refused before it is built, and what does not fit together is refused with its place.
 */
export async function readResult(path: string): Promise<RunResult> {
  const value = await readOrRefuse(path)
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown }
  if (format !== 'cloudbench-result') throw unreadable(path, 'it was not written by cloudbench')
  if (version !== resultVersion)
    throw unreadable(
      path,
      `it has version ${String(version)}, but this cloudbench reads ${resultVersion}`,
      undefined,
      Number(version) > resultVersion ? 'update cloudbench: a newer one wrote it' : undefined,
    )
  const file = parseResultFile(value, path)
  try {
    const result = reviveResult(file)
    contradict(file, result)
    return result
  } catch (cause) {
    if (!(cause instanceof Flaw)) throw cause
    throw unreadable(path, String(cause), cause)
  }
}

async function readOrRefuse(path: string): Promise<unknown> {
  try {
    return await readDocument(path)
  } catch (cause) {
    throw unreadable(path, cause instanceof Flaw ? String(cause) : messageOf(cause), cause)
  }
}

function unreadable(
  path: string,
  why: string,
  cause?: unknown,
  next = 'cloudbench report .cloudbench/<run>.json',
): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_RESULT_FILE',
    what: `${path} cannot be read as a result: ${why}`,
    expected: 'a result file as the json reporter writes it',
    next,
    cause,
  })
}

/** A checked file as the result it was made of. */
export function reviveResult({ run, reason, exit, errors, checks, scenarios }: ResultFile): RunResult {
  const { endedAt, startedAt, ...rest } = run
  const allowance: Allowance = { bytes: unpackedBytes }
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
    scenarios: at('scenarios', () => eachAt(scenarios, (stored) => reviveScenario(stored, allowance))),
  }
}

function reviveScenario(stored: StoredScenario, allowance: Allowance): ScenarioResult {
  const { definition, phases, reason, exit, aborted, checks, audits, prepared, problems, processes, logs } =
    stored
  const { judgement } = stored
  return {
    scenario: definition,
    ...(judgement && { verdict: reviveVerdict(judgement) }),
    ...(prepared && { prepared }),
    ...(logs && { logs }),
    workers: processes,
    phases: at('phases', () =>
      eachAt(phases, (phase, index) => revivePhase(phase, definition.phases[index], allowance)),
    ),
    reason,
    exitCode: exit,
    ...(aborted !== undefined && { aborted }),
    checks,
    audits,
    errors: problems,
  }
}

function reviveVerdict(stored: StoredVerdict): Verdict {
  const numbers = stored.numbers.map((number) => ({ ...number, value: number.value ?? Infinity }))
  return { ...stored, numbers }
}

function revivePhase(stored: StoredPhase, phase: Phase | undefined, allowance: Allowance): PhaseResult {
  const { phase: name, startedAt, flows, generators, intervals, ...rest } = stored
  if (phase?.name !== name) throw new Flaw(`phase "${name}" is not among those of its scenario`, ['phase'])
  return {
    ...rest,
    phase,
    startedAt: new Date(startedAt),
    ...reviveMeasured({ flows, generators }, allowance),
    intervals: at('intervals', () =>
      eachAt(intervals, (interval) => reviveInterval(interval, phase, allowance)),
    ),
  }
}

function reviveInterval(
  { flows, generators, ...rest }: StoredInterval,
  phase: Phase,
  allowance: Allowance,
): Interval {
  return { ...rest, phase, ...reviveMeasured({ flows, generators }, allowance) }
}

function reviveMeasured(
  { flows, generators }: Pick<StoredPhase, 'flows' | 'generators'>,
  allowance: Allowance,
): Pick<PhaseResult, 'flows' | 'generators'> {
  return {
    flows: at('flows', () => eachAt(flows, (flow) => reviveFlow(flow, allowance))),
    generators: at('generators', () => eachAt(generators, (sample) => reviveGenerator(sample, allowance))),
  }
}

function reviveFlow(
  { operations: stored, recorders, ...rest }: StoredFlow,
  allowance: Allowance,
): FlowMetrics {
  const operations = at('operations', () => entriesAt(stored, (metrics) => reviveMetrics(metrics, allowance)))
  return {
    ...rest,
    operations,
    total: sumMetrics(Object.values(operations)),
    recorders: at('recorders', () =>
      entriesAt(recorders, (recorder) => reviveHistogram(recorder, allowance)),
    ),
  }
}

function reviveMetrics(metrics: StoredMetrics, allowance: Allowance): Metrics {
  return {
    ...metrics,
    ...mapEach(operationDistributions, (name) => at(name, () => reviveHistogram(metrics[name], allowance))),
  }
}

function reviveGenerator(sample: StoredGenerator, allowance: Allowance): GeneratorSample {
  return {
    worker: sample.worker,
    ...mapEach(generatorReadings, (name) => sample[name] ?? 0),
    ...mapEach(generatorDistributions, (name) =>
      at(name, () => reviveHistogram(sample[name] ?? null, allowance)),
    ),
  }
}

function reviveHistogram(stored: StoredHistogram, allowance: Allowance): Histogram {
  if (stored === null) return Histogram.empty
  const { hdr, count, overflow, ...extent } = stored
  let histogram: Histogram
  try {
    histogram = new Histogram({ ...decodeHdr(hdr, allowance), extent: extentOf(extent), count, overflow })
  } catch (cause) {
    throw new Flaw(messageOf(cause))
  }
  const flaw = histogramFlaw(histogram)
  if (flaw !== undefined) throw new Flaw(flaw)
  return histogram
}
