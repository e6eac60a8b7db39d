import {
  isOpenLoop,
  measuredOf,
  sumFlows,
  type FlowMetrics,
  type Metrics,
  type PhaseResult,
  type ScenarioResult,
} from '@cloudbench/core'
import { rowOf } from './cell.ts'
import { flowColumns, metricColumns, type Columns } from './columns.ts'
import { verdictColumns } from './verdict.ts'

type Redact = (text: string) => string

const nothing = sumFlows([])

/** The first row of `intervals.csv`. */
export function intervalHead(): string {
  return head(intervalPlace('', '', '', 0, 0))
}

/** A row per interval, flow and operation of a phase. */
export function intervalRows(
  { phase, intervals }: Pick<PhaseResult, 'phase' | 'intervals'>,
  redact: Redact,
): string {
  return intervals
    .flatMap(({ startMs, endMs, flows }) =>
      flows.flatMap((flow) =>
        rowsOf(
          intervalPlace(phase.scenario, phase.name, phase.kind, startMs, endMs),
          flow,
          endMs - startMs,
          redact,
        ),
      ),
    )
    .join('')
}

/** The first row of `totals.csv`. */
export function totalHead(): string {
  const verdict = verdictColumns(undefined, '', undefined, false).map(([name]) => name)
  return head(totalPlace('', '', 0), verdict)
}

/** A row per flow and operation over all measured phases. */
export function totalRows(result: ScenarioResult, redact: Redact): string {
  const { flows, elapsedMs } = measuredOf(result)
  const place = totalPlace(result.scenario.id, result.reason, elapsedMs)
  const { verdict, scenario } = result
  return flows
    .flatMap((flow) =>
      rowsOf(place, flow, elapsedMs, redact, (operation) =>
        verdictColumns(verdict, flow.flow, operation, isOpenLoop(flow.flow, scenario.phases)),
      ),
    )
    .join('')
}

function intervalPlace(
  scenario: string,
  phase: string,
  kind: string,
  startMs: number,
  endMs: number,
): Columns {
  return [
    ['scenario', scenario],
    ['phase', phase],
    ['kind', kind],
    ['start_sec', seconds(startMs)],
    ['end_sec', seconds(endMs)],
  ]
}

function totalPlace(scenario: string, reason: string, elapsedMs: number): Columns {
  return [
    ['scenario', scenario],
    ['result', reason],
    ['duration_sec', seconds(elapsedMs)],
  ]
}

function seconds(durationMs: number): number {
  return Number((durationMs / 1000).toFixed(6))
}

function head(place: Columns, more: readonly string[] = []): string {
  const names = columnsOf(place, nothing, undefined, nothing.total, 0).map(([name]) => name)
  return rowOf([...names, ...more], (name) => name)
}

/** The flow as a whole, with no operation, and then each of its operations. */
function rowsOf(
  place: Columns,
  flow: FlowMetrics,
  elapsedMs: number,
  redact: Redact,
  more: (operation: string | undefined) => Columns = () => [],
): string[] {
  const row = (operation: string | undefined, metrics: Metrics): string =>
    rowOf(
      [...columnsOf(place, flow, operation, metrics, elapsedMs), ...more(operation)].map(
        ([, value]) => value,
      ),
      redact,
    )
  return [
    row(undefined, flow.total),
    ...Object.entries(flow.operations).map(([operation, metrics]) => row(operation, metrics)),
  ]
}

function columnsOf(
  place: Columns,
  flow: FlowMetrics,
  operation: string | undefined,
  metrics: Metrics,
  elapsedMs: number,
): Columns {
  return [
    ...place,
    ['flow', flow.flow],
    ['operation', operation],
    ...metricColumns(metrics, elapsedMs),
    ...flowColumns(operation === undefined ? flow : undefined, elapsedMs),
  ]
}
