import {
  errorShareOf,
  flatLine,
  measuredOf,
  rateAsked,
  ratePerSecond,
  requestCostOf,
  sumFlows,
  type FlowMetrics,
  type HistogramView,
  type Metrics,
  type RunResult,
  type ScenarioResult,
} from '@cloudbench/core'
import {
  formatCount,
  formatDuration,
  formatPercentage,
  formatRate,
  formatSize,
  visible,
  type Style,
} from '@cloudbench/core/text'
import { caveat } from './announce.ts'
import { table, type Column } from './table.ts'

const numbers: readonly (Column & {
  readonly of: (metrics: Metrics, elapsedMs: number, isOpen: boolean) => string
})[] = [
  { title: 'requests', priority: 3, of: ({ sent }) => short(sent) },
  {
    title: 'rate',
    priority: 1,
    of: (metrics, elapsedMs) => formatRate(ratePerSecond(metrics, elapsedMs), 3),
  },
  { title: 'errors', priority: 1, of: (metrics) => formatPercentage(errorShareOf(metrics)) },
  ...[50, 90, 99, 99.9].map((p) => ({
    title: `p${p}`,
    priority: p === 90 || p === 99.9 ? 4 : 2,
    of: (metrics: Metrics, _elapsedMs: number, isOpen: boolean) =>
      time((isOpen ? metrics.response : metrics.service).percentile(p)),
  })),
  {
    title: 'max',
    priority: 5,
    of: ({ response, service }, _elapsedMs, isOpen) => {
      const { count, max } = isOpen ? response : service
      return count === 0 ? '–' : time(max)
    },
  },
]

const short = (value: number): string => formatCount(value, 3)
const time = (ns: number): string => formatDuration(ns / 1e6)

/** The result of one scenario, as lines. */
export function summarize(result: ScenarioResult, style: Style, columns: number): string[] {
  const { bad, bold, dim, doubtful, good } = style
  const { scenario, phases, checks, audits, errors } = result
  const { flows, elapsedMs } = measuredOf(result)
  const lines: string[] = [`${bold(visible(scenario.id))}  ${verdict(result.reason, style)}`]
  if (result.aborted !== undefined) lines.push(bad(`  ABORTED ${visible(result.aborted)}`))
  const warning = caveat(scenario)
  if (warning !== undefined) lines.push(doubtful(`  ${warning}`))
  for (const flow of flows) {
    const isOpen = phases.some(
      ({ phase }) => phase.kind === 'measure' && phase.loads[flow.flow]?.model === 'open',
    )
    lines.push(...resultOf(flow, elapsedMs, isOpen, result, style, columns))
  }
  lines.push(...wrap(generators(result), columns).map((line) => dim(line)))
  for (const { name, status, expected, actual } of checks) {
    const text = visible(`${name} ${expected}: ${actual}`)
    lines.push(
      status === 'passed'
        ? `  ${good('✓')} ${text}`
        : `  ${status === 'failed' ? bad('✗') : dim('–')} ${text}`,
    )
  }
  for (const { flow, name, status, examined, violations, message } of audits) {
    const counts =
      status === 'skipped' && examined === 0
        ? 'nothing to examine'
        : `${violations} wrong of ${short(examined)}`
    const whose = scenario.flows.length > 1 ? `${flow}: ` : ''
    const text = visible(`${whose}${name}: ${counts}${message === undefined ? '' : `; ${message}`}`)
    lines.push(`  ${status === 'failed' ? bad('✗') : status === 'passed' ? good('✓') : dim('–')} ${text}`)
  }
  for (const { source, during, message } of errors)
    lines.push(
      ...visible(`[${source}] ${during}: ${message}`)
        .split('\n')
        .map((line) => bad(`  ${line}`)),
    )
  return lines
}

/** The scenarios of several runs in one table; their names, which are long, are below it. */
export function sideBySide(
  results: readonly ScenarioResult[],
  { bold, dim }: Style,
  columns: number,
): string[] {
  const rows = results.map((result, at) => {
    const { flows, elapsedMs } = measuredOf(result)
    const { total } = sumFlows(flows)
    const isOpen = flatLine(result).latency_basis === 'response'
    return [`#${at + 1}`, ...numbers.map(({ of }) => of(total, elapsedMs, isOpen))]
  })
  const titles = [{ title: 'run', priority: 0 }, ...numbers]
  const [head, ...body] = table(titles, rows, columns - 2)
  const names = results.map(({ scenario }, at) => `  #${at + 1} ${visible(scenario.id)}`)
  return [bold('side by side'), `  ${dim(head!)}`, ...body.map((line) => `  ${line}`), ...names]
}

function verdict(reason: RunResult['reason'], { bad, bold, doubtful, good }: Style): string {
  const color = reason === 'passed' ? good : reason === 'interrupted' ? doubtful : bad
  return bold(color(reason.toUpperCase()))
}

function resultOf(
  flow: FlowMetrics,
  elapsedMs: number,
  isOpen: boolean,
  result: ScenarioResult,
  { dim, doubtful }: Style,
  columns: number,
): string[] {
  const { total, operations } = flow
  const cells = (name: string, metrics: Metrics): string[] => [
    visible(name),
    ...numbers.map(({ of }) => of(metrics, elapsedMs, isOpen)),
  ]
  const used = Object.entries(operations).filter(([, { sent, unsent }]) => sent + unsent > 0)
  const isSingle = used.length === 1 && used[0]![0] === flow.flow
  const rows = [
    cells(flow.flow, total),
    ...(isSingle ? [] : used.map(([name, metrics]) => cells(`  ${name}`, metrics))),
  ]
  const titles: readonly Column[] = [
    { title: isOpen ? 'response' : 'service', priority: 0 },
    ...numbers.map(({ title, priority }) => ({ title, priority })),
  ]
  const [head, ...body] = table(titles, rows, columns - 2)
  const asked = isOpen
    ? `${formatRate(rateAsked(result, flow.flow), 3)} requested`
    : 'closed loop: nothing is due, so times count from sending'
  const details = [
    asked,
    ...(isOpen ? [`service ${pair(total.service)}`, `lag ${pair(total.lag)}`] : []),
    `${formatSize(flow.bytes.sent)} sent, ${formatSize(flow.bytes.received)} received`,
  ]
  const outcomes = Object.entries(total.outcomes).filter(([, { count }]) => count > 0)
  return [
    `  ${dim(head!)}`,
    ...body.map((line) => `  ${line}`),
    ...wrap(details, columns).map((line) => dim(line)),
    ...wrap(
      outcomes.map(([name, { count, ok }]) => `${visible(name)} ${short(count)}${ok ? '' : ' (error)'}`),
      columns,
    ).map((line) => dim(line)),
    ...(total.unsent + total.timedOut + total.unanswered > 0
      ? wrap(
          [`unsent ${total.unsent}`, `timed out ${total.timedOut}`, `unanswered ${total.unanswered}`],
          columns,
        ).map((line) => doubtful(line))
      : []),
  ]
}

function pair(histogram: HistogramView): string {
  return `p50 ${time(histogram.percentile(50))} p99 ${time(histogram.percentile(99))}`
}

/** What the generator cost, so that a busy one shows. */
function generators(result: ScenarioResult): string[] {
  const { phases } = result
  const samples = phases.filter(({ phase }) => phase.kind === 'measure').flatMap((phase) => phase.generators)
  if (samples.length === 0) return []
  const most = (pick: (sample: (typeof samples)[number]) => number): number => Math.max(...samples.map(pick))
  const gcMs = samples.reduce((sum, sample) => sum + sample.gcMs, 0)
  const { cpuNs, allocatedBytes } = requestCostOf(result)
  return [
    `generator: ${time(cpuNs)} of CPU and ${formatSize(allocatedBytes)} of heap per request`,
    `busy ${formatPercentage(most(({ busy }) => busy))} at most`,
    `GC ${formatDuration(gcMs)}`,
    `${formatSize(most(({ rssBytes }) => rssBytes))} at most`,
  ]
}

/** Parts side by side, as many as fit on a line. */
function wrap(parts: readonly string[], columns: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length + 3 <= columns)
      lines[lines.length - 1] = `${last} · ${part}`
    else lines.push(`  ${part}`)
  }
  return lines
}
