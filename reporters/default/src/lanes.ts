import { measuredOf, ratePerSecond, requestCostOf, sumFlows, type ScenarioResult } from '@cloudbench/core'
import {
  formatClient,
  formatCount,
  formatDuration,
  formatRate,
  formatSize,
  markedNumber,
  numberOf,
  padEnd,
  padStart,
  visible,
  widthOf,
  type Style,
} from '@cloudbench/core/text'

/** What the clients of each scenario that compares some cost, as Markdown tables. */
export function lanes(scenarios: readonly ScenarioResult[], style: Style): string[] {
  const compared = new Map<string, ScenarioResult[]>()
  for (const result of scenarios) {
    const { comparison } = result.scenario
    if (comparison !== undefined) compared.set(comparison, [...(compared.get(comparison) ?? []), result])
  }
  return [...compared].flatMap(([name, results]) => comparisonOf(name, results, style))
}

function comparisonOf(name: string, results: readonly ScenarioResult[], { bold, dim }: Style): string[] {
  const [first] = results as [ScenarioResult]
  const costs = results.map(requestCostOf)
  const [base] = costs as [(typeof costs)[number]]
  const isOpen = first.scenario.phases.some(({ loads }) =>
    Object.values(loads).some(({ model }) => model === 'open'),
  )
  const titles = [
    'client',
    'CPU/request',
    'heap/request',
    `${isOpen ? 'response' : 'service'} p50`,
    'p99',
    'rate',
  ]
  const rows = results.map((result, at) => {
    const { cpuNs, allocatedBytes } = costs[at]!
    const { flows, elapsedMs } = measuredOf(result)
    const { total } = sumFlows(flows)
    const [basis, latency] = isOpen ? ['response', total.response] : ['service', total.service]
    const of = (metric: string, text: string): string => markedNumber(text, numberOf(result.verdict, metric))
    return [
      clientOf(result),
      beside(time(cpuNs), cpuNs / base.cpuNs, at),
      beside(formatSize(allocatedBytes), allocatedBytes / base.allocatedBytes, at),
      of(`${basis}.p50`, time(latency.percentile(50))),
      of(`${basis}.p99`, time(latency.percentile(99))),
      of('rate', formatRate(ratePerSecond(total, elapsedMs), 3)),
    ]
  })
  const [head, rule, ...body] = markdown(titles, rows) as [string, string, ...string[]]
  const baseName = visible(first.scenario.flows[0]?.client?.name ?? '')
  return [bold(`${visible(name)}: what each client costs, beside ${baseName}`), dim(head), dim(rule), ...body]
}

/** One that did not pass is no measure of the others. */
function clientOf({ scenario, reason }: ScenarioResult): string {
  const client = scenario.flows[0]?.client
  const name = client === undefined ? '' : formatClient(client)
  const text = reason === 'passed' ? name : `${name} ${reason.toUpperCase()}`
  return visible(text.replaceAll(/\s+/g, ' ')).replaceAll('|', String.raw`\|`)
}

const time = (ns: number): string => formatDuration(ns / 1e6)

function beside(text: string, ratio: number, at: number): string {
  return at === 0 || !Number.isFinite(ratio) ? text : `${text} (${formatCount(ratio, 3)}×)`
}

/** A table that is read as it is, and can be pasted. The first column is text, all others are numbers. */
function markdown(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = titles.map((title, at) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[at]!))))
  const lineOf = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? padEnd : padStart)(cell, widths[at]!)).join(' | ')} |`
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [lineOf(titles), lineOf(rule), ...rows.map(lineOf)]
}
