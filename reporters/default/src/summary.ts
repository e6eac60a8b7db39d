import { isOpenLoop, measuredOf, type FlowMetrics, type Metrics, type ScenarioResult } from '@cloudbench/core'
import { numberOf, visible, type Style } from '@cloudbench/core/text'
import { caveat } from './announce.ts'
import { basisOf, numbers } from './columns.ts'
import { details } from './details.ts'
import { badge, doubts, intervals, legend, marked } from './doubt.ts'
import { ending } from './ending.ts'
import { findings } from './findings.ts'
import { generatorLine } from './generator.ts'
import { fold } from './lines.ts'
import type { Room } from './room.ts'
import { table } from './table.ts'

/** The result of one scenario, as lines. */
export function summarize(result: ScenarioResult, style: Style, room: Room): string[] {
  const { bad, bold, dim, doubtful } = style
  const { scenario, verdict } = result
  const { flows, elapsedMs } = measuredOf(result)
  const warning = caveat(scenario)
  const isOpen = (flow: string): boolean => isOpenLoop(flow, scenario.phases)
  const bases = new Set(flows.map(({ flow }) => basisOf(isOpen(flow))))
  const shown = verdict?.numbers.filter(
    ({ metric }) => metric === 'rate' || bases.has(metric.split('.')[0] as 'response' | 'service'),
  )
  return [
    `${bold(visible(scenario.id))}  ${ending(result.reason, style)}${verdict ? `  ${badge(verdict, style)}` : ''}`,
    ...(result.aborted === undefined ? [] : [`  ${bad(`ABORTED ${visible(result.aborted)}`)}`]),
    ...resultTable(result, flows, elapsedMs, style, room),
    ...legend(shown ?? [], room.columns).map((line) => dim(line)),
    ...flows.flatMap((flow) => [
      ...(verdict ? intervals(verdict, flow.flow, isOpen(flow.flow), style, room.columns) : []),
      ...details(flow, result, style, room),
    ]),
    ...generatorLine(result, room.columns).map((line) => dim(line)),
    ...(warning === undefined ? [] : fold(`  ${doubtful('!')} ${warning}`, room)),
    ...(verdict ? doubts(verdict, style, room) : []),
    ...findings(result, style),
  ]
}

function resultTable(
  result: ScenarioResult,
  flows: readonly FlowMetrics[],
  elapsedMs: number,
  style: Style,
  { columns }: Room,
): string[] {
  if (flows.length === 0) return []
  const { scenario, verdict } = result
  const kinds = flows.map(({ flow }) => basisOf(isOpenLoop(flow, scenario.phases)))
  const isMixed = new Set(kinds).size > 1
  /** Whether the flow, or what it does, is called like its operation. */
  const isNamed = (operation: string, flow: string): boolean =>
    operation === flow || scenario.flows.some(({ name, workload }) => name === flow && workload === operation)
  const rows = flows.flatMap((flow, at) => {
    const isOpen = kinds[at] === 'response'
    const row = (name: string, metrics: Metrics, operation?: string): string[] => [
      name,
      ...numbers.map(({ of, metric }) =>
        marked(
          of(metrics, elapsedMs, isOpen),
          numberOf(verdict, metric(isOpen), flow.flow, operation),
          style,
        ),
      ),
    ]
    const operations = Object.entries(flow.operations).filter(([, { sent, unsent }]) => sent + unsent > 0)
    const kind = isMixed ? `, ${kinds[at]}` : ''
    const name = `${flow.flow}${kind}`
    const [only] = operations.length === 1 ? operations[0]! : []
    // as checks name it: main/insert
    if (only !== undefined)
      return [row(isNamed(only, flow.flow) ? name : `${flow.flow}/${only}${kind}`, flow.total)]
    return [row(name, flow.total), ...operations.map(([own, metrics]) => row(`  ${own}`, metrics, own))]
  })
  const titles = [{ title: isMixed ? 'flow' : kinds[0]!, priority: 0 }, ...numbers]
  const [head, ...body] = table(titles, rows, columns - 2)
  return [`  ${style.dim(head!)}`, ...body.map((line) => `  ${line}`)]
}
