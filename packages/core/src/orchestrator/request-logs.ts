import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { machineNowMs } from '../load/clock.ts'
import type { LogResult, PhaseResult, RunError } from '../plugin/model.ts'
import type { LogTotals, WireLog } from '../protocol/request-log.ts'
import type { ReadyScenario, ScenarioOptions } from './scenario.ts'

/** Longer names of scenarios are cut: a file name has at most 255 bytes. */
const longestSlug = 100

/** The request logs of the workers of a scenario. */
export interface RequestLogs {
  /** What a worker is told. */
  of(worker: number): WireLog
  /** What became of them, by worker; undefined for one that was lost. */
  results(totals: readonly (LogTotals | undefined)[]): readonly LogResult[]
}

export function requestLogs(
  { scenario, plan }: ReadyScenario,
  { run, outputFolder, version, redact }: ScenarioOptions,
): RequestLogs {
  const { sample } = plan.log!
  const fileOf = (worker: number): string => join(run, `${slugOf(scenario.id)}-w${worker}.cblog`)
  const shared = {
    sample,
    // one for all workers: what they log is compared to the nanosecond
    anchor: { monotonicNs: Math.round(machineNowMs() * 1e6), wallClockMs: Date.now() },
    flows: scenario.flows.map(({ name, driver, workload }) => ({ name, driver, workload })),
    phases: scenario.phases.map(({ name, kind }) => ({ name: redact(name), kind })),
    version,
  }
  return {
    of: (worker) => ({ ...shared, file: join(outputFolder, fileOf(worker)) }),
    results: (totals) => totals.map((own, worker) => ({ worker, file: fileOf(worker), sample, ...own })),
  }
}

/**
 * Says where the logs are, and returns what is missing there. The measurement is not the worse for it, so that its checks
 * are judged all the same.
 */
export function reportLogs(
  scenario: string,
  logs: readonly LogResult[],
  phases: readonly PhaseResult[],
  { redact, log, outputFolder }: Pick<ScenarioOptions, 'redact' | 'log' | 'outputFolder'>,
): RunError[] {
  const messages = logs.flatMap(({ file, records = 0, dropped = 0, error = '' }) =>
    dropped > 0 ? [`${dropped} of ${records + dropped} requests are not in ${file}: ${error}`] : [],
  )
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const records = sum(logs.map((one) => one.records ?? 0))
  log.info(`${records} requests are in the log: cloudbench log ${join(outputFolder, dirname(logs[0]!.file))}`)
  const logged = sum(logs.map((one) => (one.records ?? Number.NaN) + (one.dropped ?? 0)))
  const sent = sum(phases.flatMap(({ flows }) => flows.map(({ total }) => total.sent)))
  // a worker that was lost is an error of its own
  if (logs[0]?.sample === 1 && !Number.isNaN(logged) && logged !== sent)
    messages.push(`${logged} requests came to the logs, but ${sent} were sent`)
  return messages.map((message) => ({
    source: 'request log',
    during: 'load',
    message: redact(message),
    scenario,
  }))
}

/** A name as a part of a file name. What it loses, a hash makes up for. */
function slugOf(id: string): string {
  const slug = id.replaceAll(/[^\w.+-]/g, '-').slice(0, longestSlug)
  return slug === id ? slug : `${slug}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`
}
