import { createHash } from 'node:crypto'
import { join } from 'node:path'
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
  { run, outputFolder, anchor, version, redact }: ScenarioOptions,
): RequestLogs {
  const { sample } = plan.log!
  const fileOf = (worker: number): string => join(run, `${slugOf(scenario.id)}-w${worker}.cblog`)
  const shared = {
    sample,
    anchor,
    flows: scenario.flows.map(({ name, driver, workload }) => ({ name, driver, workload })),
    phases: scenario.phases.map(({ name, kind }) => ({ name: redact(name), kind })),
    version,
  }
  return {
    of: (worker) => ({ ...shared, file: join(outputFolder, fileOf(worker)) }),
    results: (totals) => totals.map((own, worker) => ({ worker, file: fileOf(worker), sample, ...own })),
  }
}

/** What is missing in logs. The measurement is not the worse for it, so that its checks are judged all the same. */
export function logErrors(
  scenario: string,
  logs: readonly LogResult[],
  phases: readonly PhaseResult[],
  redact: (text: string) => string,
): RunError[] {
  const messages = logs.flatMap(({ file, records = 0, dropped = 0, error = '' }) =>
    dropped > 0 ? [`${dropped} of ${records + dropped} requests are not in ${file}: ${error}`] : [],
  )
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const logged = sum(logs.map(({ records = Number.NaN, dropped = 0 }) => records + dropped))
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
