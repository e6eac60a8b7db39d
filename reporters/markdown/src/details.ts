import {
  errorShareOf,
  isOpenLoop,
  measuredOf,
  rateAsked,
  ratePerSecond,
  requestCostOf,
  type FlowMetrics,
  type Metrics,
  type NumberVerdict,
  type ScenarioResult,
} from '@cloudbench/core'
import {
  formatClient,
  formatCount,
  formatDuration,
  formatInterval,
  formatPercentage,
  formatRate,
  formatSize,
  isAtLeast,
  numberOf,
} from '@cloudbench/core/text'
import type { Escape } from './escape.ts'
import { marked, verdictOf } from './verdict.ts'

const titles = ['requests', 'rate', 'errors', 'p50', 'p90', 'p99', 'p99.9', 'max', 'lag p99']

/** All of one scenario, folded. */
export function detailsOf(result: ScenarioResult, escape: Escape): string {
  const { code, inert } = escape
  const { scenario, checks, audits } = result
  const { flows, elapsedMs } = measuredOf(result)
  const lines = [
    `<details><summary>${inert(scenario.id)}</summary>`,
    '',
    ...(scenario.description === '' ? [] : [inert(scenario.description), '']),
    ...tableOf(flows, elapsedMs, result, escape),
    '',
    ...verdictOf(result, escape),
    ...flows.flatMap((flow) => outcomesOf(flow, flows.length > 1, escape)),
    ...checks.map(
      ({ name, status, expected, actual }) =>
        `- ${signs[status]} ${code(`${name} ${expected}`)}: ${inert(actual)}`,
    ),
    ...audits.map(
      ({ flow, name, status, examined, violations, message }) =>
        `- ${signs[status]} audit ${code(`${flow}/${name}`)}: ${violations} of ${examined} wrong${message === undefined ? '' : `; ${inert(message)}`}`,
    ),
    ...scenario.flows.map(({ name, driver, workload, client, target }) => {
      const by = client ? ` by ${inert(formatClient(client))}` : ''
      return `- ${code(name)}: ${inert(`${driver} ${workload}`)}${by} on ${code(target.url)} (${target.origin})`
    }),
    `- ${generatorOf(result)}`,
    '',
    '</details>',
    '',
    '',
  ]
  return lines.join('\n')
}

const signs = { passed: '✅', failed: '❌', invalid: '❓', skipped: '⚪' } as const

/** A row per flow, and per operation where it has several. */
function tableOf(
  flows: readonly FlowMetrics[],
  elapsedMs: number,
  result: ScenarioResult,
  { code }: Escape,
): string[] {
  const measured = result.phases.map(({ phase }) => phase)
  const rows = flows.flatMap(({ flow, total, operations }) => {
    const isOpen = isOpenLoop(flow, measured)
    const numbers = metricsOf(isOpen).map((metric) => numberOf(result.verdict, metric, flow))
    const intervals = numbers.map((number) =>
      number === undefined || isAtLeast(number) ? '' : formatInterval(number),
    )
    const used = Object.entries(operations).filter(([, { sent, unsent }]) => sent + unsent > 0)
    const basis = isOpen ? `response, ${formatRate(rateAsked(result, flow), 3)} requested` : 'service'
    return [
      row(`${code(flow)} (${basis})`, marks(cellsOf(total, elapsedMs, isOpen), numbers)),
      ...(intervals.some((text) => text !== '') ? [row('95 % interval', intervals)] : []),
      ...(used.length < 2
        ? []
        : used.map(([name, metrics]) =>
            row(
              code(`${flow}/${name}`),
              marks(
                cellsOf(metrics, elapsedMs, isOpen),
                metricsOf(isOpen).map((metric) => numberOf(result.verdict, metric, flow, name)),
              ),
            ),
          )),
    ]
  })
  if (rows.length === 0) return ['Nothing was measured.']
  return [
    row('flow', titles),
    row(
      '---',
      titles.map(() => '---:'),
    ),
    ...rows,
  ]
}

/** What verdicts call the columns. */
function metricsOf(isOpen: boolean): string[] {
  const basis = isOpen ? 'response' : 'service'
  const times = ['p50', 'p90', 'p99', 'p99.9', 'max'].map((name) => `${basis}.${name}`)
  return ['requests', 'rate', 'errors.rate', ...times, 'lag.p99']
}

function marks(cells: readonly string[], numbers: readonly (NumberVerdict | undefined)[]): string[] {
  return cells.map((cell, at) => marked(cell, numbers[at]))
}

/** A number and its unit stay on one line. */
export function row(first: string, cells: readonly string[]): string {
  return `| ${[first, ...cells.map((cell) => cell.replaceAll(' ', '\u00A0'))].join(' | ')} |`
}

function cellsOf(metrics: Metrics, elapsedMs: number, isOpen: boolean): string[] {
  const latency = isOpen ? metrics.response : metrics.service
  return [
    formatCount(metrics.sent),
    formatRate(ratePerSecond(metrics, elapsedMs), 3),
    formatPercentage(errorShareOf(metrics)),
    ...[50, 90, 99, 99.9].map((p) => time(latency.percentile(p))),
    latency.count === 0 ? '–' : time(latency.max),
    time(metrics.lag.percentile(99)),
  ]
}

function time(ns: number): string {
  return formatDuration(ns / 1e6)
}

function outcomesOf(
  { flow, total }: FlowMetrics,
  isOneOfSeveral: boolean,
  { code, inert }: Escape,
): string[] {
  const counted = Object.entries(total.outcomes)
    .filter(([, { count }]) => count > 0)
    .toSorted(([, a], [, b]) => b.count - a.count)
    .map(([name, { count, ok, example }]) => {
      const said = ok || example === undefined ? '' : ` (${inert(example)})`
      return `${code(name)} × ${formatCount(count)}${ok ? '' : ' ❌'}${said}`
    })
  const lost = (['unsent', 'timedOut', 'unanswered'] as const)
    .filter((name) => total[name] > 0)
    .map(
      (name) =>
        `${{ unsent: 'never sent', timedOut: 'timed out', unanswered: 'unanswered' }[name]} × ${formatCount(total[name])}`,
    )
  const all = [...counted, ...lost]
  return all.length === 0 ? [] : [`- outcomes${isOneOfSeveral ? ` of ${code(flow)}` : ''}: ${all.join(', ')}`]
}

function generatorOf(result: ScenarioResult): string {
  const { workers, dispatch, seed } = result.scenario
  const { cpuNs, allocatedBytes } = requestCostOf(result)
  const cost = Number.isFinite(cpuNs)
    ? `, ${time(cpuNs)} of CPU and ${formatSize(allocatedBytes)} of heap per request`
    : ''
  return `generator: ${workers} ${workers === 1 ? 'worker' : 'workers'} (${dispatch}), seed ${seed}${cost}`
}
