import {
  errorShareOf,
  isOpenLoop,
  measuredOf,
  rateAsked,
  ratePerSecond,
  type FlowMetrics,
  type NumberVerdict,
} from '@cloudbench/core'
import { numberOf } from '@cloudbench/core/text'
import type { Charts } from '../charts/chart.ts'
import { count, rate, share, time } from '../figures.ts'
import { html, type Content } from '../html.ts'
import type { ScenarioReport } from '../report.ts'
import { flowCharts } from './flow-charts.ts'
import { intervalTable } from './intervals.ts'
import { latencyTable } from './latency.ts'
import { intervalOf, marked } from './marked.ts'
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
      ${flowCharts({ flow, id, group, open, slices: report.slices, measured, charts, disturbed: disturbedIn(report, flow) })}
    </div>
    ${
      measured && [
        latencyTable(measured, open, ofFlow, report.verdict),
        requestTable(measured, elapsedMs, ofFlow, report.verdict),
        outcomeTable(measured, ofFlow),
        connectionFacts(measured, elapsedMs),
      ]
    }
    ${intervalTable(report, flow, { id: `${id}-intervals`, open, ofFlow })}
  </div>`
}

/** Where what spoiled numbers of a flow was at its worst. */
function disturbedIn({ verdict, slices }: ScenarioReport, flow: string): (readonly [number, number])[] {
  return (verdict?.reasons ?? []).flatMap((reason) => {
    const { window } = reason
    const first = slices.find(({ phase }) => phase.name === window?.phase)
    if (window === undefined || first === undefined || (reason.flow ?? flow) !== flow) return []
    const beganMs = first.startMs - first.phaseMs
    return [[beganMs + window.startMs, beganMs + window.endMs] as const]
  })
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
  const basis = open ? 'response' : 'service'
  const of = (metric: string): NumberVerdict | undefined => numberOf(report.verdict, metric, flow)
  const percentile = (p: number): readonly [string, Content, Content] => {
    const metric = `${basis}.p${p}`
    const interval = intervalOf(of(metric), metric)
    return [
      `p${p}`,
      marked(time(latency.percentile(p)), of(metric)),
      interval === undefined ? basis : [basis, ', 95 %: ', interval],
    ]
  }
  const rateInterval = intervalOf(of('rate'), 'rate')
  const shown: readonly (readonly [string, Content, Content?, string?])[] = [
    [
      'Rate',
      marked(rate(ratePerSecond(total, elapsedMs)), of('rate')),
      [
        Number.isFinite(asked) ? ['of ', rate(asked), ' requested'] : 'closed loop',
        rateInterval !== undefined && [', 95 %: ', rateInterval],
      ],
    ],
    percentile(50),
    percentile(99),
    percentile(99.9),
    ['Max', marked(time(latency.count === 0 ? Number.NaN : latency.max), of(`${basis}.max`)), basis],
    [
      'Errors',
      marked(share(errors), of('errors.rate')),
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
