import {
  errorShareOf,
  isOpenLoop,
  measuredOf,
  rateAsked,
  ratePerSecond,
  type FlowMetrics,
} from '@cloudbench/core'
import type { Charts } from '../charts/chart.ts'
import { count, rate, share, time } from '../figures.ts'
import { html, type Content } from '../html.ts'
import type { ScenarioReport } from '../report.ts'
import { flowCharts } from './flow-charts.ts'
import { intervalTable } from './intervals.ts'
import { latencyTable } from './latency.ts'
import { connectionFacts, outcomeTable, requestTable } from './requests.ts'

/** One flow of a scenario: its figures, its charts, its tables. */
export function flowSection(report: ScenarioReport, flow: string, id: string, charts: Charts): Content {
  const { flows, elapsedMs } = measuredOf(report)
  const open = isOpenLoop(flow, report.scenario.phases)
  const group = id.replace(/-flow-\d+$/, '')
  const measured = flows.find((candidate) => candidate.flow === flow)
  const isAlone = report.scenario.flows.length === 1
  const ofFlow = isAlone ? '' : ` of ${flow}`
  return html`<div class="flow" id="${id}">
    ${!isAlone && html`<h3>${flow}</h3>`} ${measured && tiles(report, measured, elapsedMs, open)}
    <div class="charts">
      ${flowCharts({ flow, id, group, open, slices: report.slices, measured, charts })}
    </div>
    ${
      measured && [
        latencyTable(measured, open, ofFlow),
        requestTable(measured, elapsedMs, ofFlow),
        outcomeTable(measured, ofFlow),
        connectionFacts(measured, elapsedMs),
      ]
    }
    ${intervalTable(report, flow, { id: `${id}-intervals`, open, ofFlow })}
  </div>`
}

/** The figures that most people came for. */
function tiles(
  report: ScenarioReport,
  { flow, total }: FlowMetrics,
  elapsedMs: number,
  open: boolean,
): Content {
  const latency = open ? total.response : total.service
  const asked = open ? rateAsked(report, flow) : Number.NaN
  const errors = errorShareOf(total)
  const shown: readonly (readonly [string, Content, Content?, string?])[] = [
    [
      'Rate',
      rate(ratePerSecond(total, elapsedMs)),
      Number.isFinite(asked) ? ['of ', rate(asked), ' requested'] : 'closed loop',
    ],
    ['p50', time(latency.percentile(50)), open ? 'response' : 'service'],
    ['p99', time(latency.percentile(99)), open ? 'response' : 'service'],
    ['p99.9', time(latency.percentile(99.9)), open ? 'response' : 'service'],
    ['Max', time(latency.count === 0 ? Number.NaN : latency.max), open ? 'response' : 'service'],
    [
      'Errors',
      share(errors),
      [count(total.failed + total.timedOut + total.unanswered), ' of ', count(total.sent)],
      errors > 0 ? 'bad' : '',
    ],
    ...(total.unsent > 0
      ? [['Unsent', count(total.unsent), 'the rate was not reached', 'doubtful'] as const]
      : []),
  ]
  return html`<dl class="tiles">
    ${shown.map(
      ([name, value, note, tone = '']) =>
        html`<div class="tile ${tone}">
          <dt>${name}</dt>
          <dd class="value">${value}</dd>
          <dd class="note">${note}</dd>
        </div>`,
    )}
  </dl>`
}
