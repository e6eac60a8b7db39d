import { isOpenLoop, measuredOf, type FlowMetrics, type Metrics, type ScenarioResult } from '@cloudbench/core'
import { visible, type Style } from '@cloudbench/core/text'
import { caveat } from './announce.ts'
import { numbers } from './columns.ts'
import { details } from './details.ts'
import { findings } from './findings.ts'
import { generatorLine, judgement } from './generator.ts'
import { fold } from './lines.ts'
import type { Room } from './room.ts'
import { table } from './table.ts'
import { verdict } from './verdict.ts'

/** The result of one scenario, as lines. */
export function summarize(result: ScenarioResult, style: Style, room: Room): string[] {
  const { bad, bold, dim, doubtful } = style
  const { scenario } = result
  const { flows, elapsedMs } = measuredOf(result)
  const warnings = [caveat(scenario), judgement(result)].filter((line) => line !== undefined)
  return [
    `${bold(visible(scenario.id))}  ${verdict(result.reason, style)}`,
    ...(result.aborted === undefined ? [] : [`  ${bad(`ABORTED ${visible(result.aborted)}`)}`]),
    ...resultTable(result, flows, elapsedMs, style, room),
    ...flows.flatMap((flow) => details(flow, result, style, room)),
    ...generatorLine(result, room.columns).map((line) => dim(line)),
    ...warnings.flatMap((line) => fold(`  ${doubtful('!')} ${line}`, room)),
    ...findings(result, style),
  ]
}

function resultTable(
  result: ScenarioResult,
  flows: readonly FlowMetrics[],
  elapsedMs: number,
  { dim }: Style,
  { columns }: Room,
): string[] {
  if (flows.length === 0) return []
  const { scenario } = result
  const kinds = flows.map(({ flow }) => (isOpenLoop(flow, result.scenario.phases) ? 'response' : 'service'))
  const isMixed = new Set(kinds).size > 1
  /** Whether the flow, or what it does, is called like its operation. */
  const isNamed = (operation: string, flow: string): boolean =>
    operation === flow || scenario.flows.some(({ name, workload }) => name === flow && workload === operation)
  const rows = flows.flatMap((flow, at) => {
    const isOpen = kinds[at] === 'response'
    const row = (name: string, metrics: Metrics): string[] => [
      name,
      ...numbers.map(({ of }) => of(metrics, elapsedMs, isOpen)),
    ]
    const operations = Object.entries(flow.operations).filter(([, { sent, unsent }]) => sent + unsent > 0)
    const kind = isMixed ? `, ${kinds[at]}` : ''
    const name = `${flow.flow}${kind}`
    const [only] = operations.length === 1 ? operations[0]! : []
    // as checks name it: main/insert
    if (only !== undefined)
      return [row(isNamed(only, flow.flow) ? name : `${flow.flow}/${only}${kind}`, flow.total)]
    return [row(name, flow.total), ...operations.map(([own, metrics]) => row(`  ${own}`, metrics))]
  })
  const titles = [{ title: isMixed ? 'flow' : kinds[0]!, priority: 0 }, ...numbers]
  const [head, ...body] = table(titles, rows, columns - 2)
  return [`  ${dim(head!)}`, ...body.map((line) => `  ${line}`)]
}
