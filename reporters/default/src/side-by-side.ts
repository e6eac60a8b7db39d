import { flatLine, measuredOf, sumFlows, type ScenarioResult } from '@cloudbench/core'
import { numberOf, visible, type Style } from '@cloudbench/core/text'
import { numbers } from './columns.ts'
import { badge, marked } from './doubt.ts'
import { ending } from './ending.ts'
import { table } from './table.ts'

/** The scenarios of several runs in one table; their names, which are long, are below it. */
export function sideBySide(results: readonly ScenarioResult[], style: Style, columns: number): string[] {
  const { bold, dim } = style
  const rows = results.map((result, at) => {
    const { flows, elapsedMs } = measuredOf(result)
    const { total } = sumFlows(flows)
    const isOpen = flatLine(result).latency_basis === 'response'
    const cells = numbers.map(({ of, metric }) =>
      marked(of(total, elapsedMs, isOpen), numberOf(result.verdict, metric(isOpen)), style),
    )
    return [`#${at + 1}`, ...cells]
  })
  const titles = [{ title: 'run', priority: 0 }, ...numbers]
  const [head, ...body] = table(titles, rows, columns - 2)
  const names = results.map((result, at) => {
    const reason = result.reason === 'passed' ? '' : `  ${ending(result.reason, style)}`
    const doubt = result.verdict === undefined ? '' : `  ${badge(result.verdict, style)}`
    return `  ${dim(`#${at + 1}`)} ${visible(result.scenario.id)}${reason}${doubt}`
  })
  return [bold('side by side'), `  ${dim(head!)}`, ...body.map((line) => `  ${line}`), ...names]
}
