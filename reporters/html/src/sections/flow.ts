import {
  errorShareOf,
  measuredOf,
  rateAsked,
  ratePerSecond,
  type FlowMetrics,
  type HistogramView,
} from '@cloudbench/core'
import type { Charts } from '../charts/chart.ts'
import {
  answeredPerSecond,
  askedPerSecond,
  errorsPerSecond,
  flowIn,
  heatChart,
  rateIn,
  timeChart,
} from '../charts/over-time.ts'
import { quantileChart } from '../charts/quantiles.ts'
import { count, rate, share, time, timeText } from '../figures.ts'
import { html, type Content } from '../html.ts'
import { isOpen, type ScenarioReport } from '../report.ts'
import type { Slice } from '../slices.ts'
import { figure } from './figure.ts'
import { intervalTable } from './intervals.ts'
import { latencyTable } from './latency.ts'
import { connectionFacts, outcomeTable, requestTable } from './requests.ts'

/** One flow of a scenario: its figures, its charts, its tables. */
export function flowSection(report: ScenarioReport, flow: string, id: string, charts: Charts): Content {
  const { flows, elapsedMs } = measuredOf(report)
  const open = isOpen(report, flow)
  const measured = flows.find((candidate) => candidate.flow === flow)
  const isAlone = report.scenario.flows.length === 1
  return html`<div class="flow" id="${id}">
    ${!isAlone && html`<h3>${flow}</h3>`} ${measured && tiles(report, measured, elapsedMs, open)}
    <div class="charts">${chartsOf(report, flow, id, open, measured, charts)}</div>
    ${
      measured && [
        latencyTable(measured, open),
        requestTable(measured, elapsedMs),
        outcomeTable(measured),
        connectionFacts(measured, elapsedMs),
      ]
    }
    ${intervalTable(report, flow, `${id}-intervals`, open)}
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

function chartsOf(
  report: ScenarioReport,
  flow: string,
  id: string,
  open: boolean,
  measured: FlowMetrics | undefined,
  charts: Charts,
): Content {
  const { slices } = report
  const group = id.replace(/-flow-\d+$/, '')
  const basis = open ? 'response' : 'service'
  const latencyIn = (slice: Slice): HistogramView | undefined => flowIn(slice, flow)?.total[basis]
  const at = (p: number) => (slice: Slice) => latencyIn(slice)?.percentile(p) ?? Number.NaN
  const most = (slice: Slice): number => {
    const latency = latencyIn(slice)
    return latency === undefined || latency.count === 0 ? Number.NaN : latency.max
  }
  const total = measured?.total
  const latency = total?.[basis]
  const quantiles =
    latency === undefined
      ? 'nothing was measured yet'
      : [50, 90, 99, 99.9].map((p) => `p${p} ${timeText(latency.percentile(p))}`).join(', ')
  return [
    figure(charts, {
      id: `${id}-quantiles`,
      title: 'Latency by percentile',
      alternative: `${basis} ${quantiles}`,
      chart:
        total &&
        quantileChart(
          [
            ...(open ? [{ label: 'response', color: 0, histogram: total.response }] : []),
            { label: 'service', color: 1, dash: [7, 4], histogram: total.service },
            ...(open ? [{ label: 'lag', color: 2, dash: [2, 3], histogram: total.lag }] : []),
          ],
          `${id}-quantiles`,
        ),
    }),
    figure(charts, {
      id: `${id}-latency`,
      title: `${open ? 'Response' : 'Service'} time over time`,
      alternative: `${basis} ${quantiles} over all`,
      chart: timeChart(
        slices,
        [
          { label: 'p50', color: 0, of: at(50) },
          { label: 'p99', color: 1, of: at(99) },
          { label: 'max', color: 3, dash: [2, 3], of: most },
        ],
        { unit: 'ns', isLog: true, group },
      ),
    }),
    rateFigure(slices, flow, id, group, charts),
    figure(charts, {
      id: `${id}-heat`,
      title: `${open ? 'Response' : 'Service'} times as a heatmap`,
      alternative: `how many requests took how long in every stretch of time; over all, ${quantiles}`,
      chart: heatChart(slices, latencyIn, group),
    }),
    figure(charts, {
      id: `${id}-connections`,
      title: 'Connections and requests in flight',
      alternative: 'the average of every stretch of time, as in the table over time',
      isSmall: true,
      chart: timeChart(
        slices,
        [
          {
            label: 'connections',
            color: 0,
            of: (slice) => perTime(slice, flow, ({ connections }) => connections.openMs),
          },
          {
            label: 'in flight',
            color: 1,
            dash: [7, 4],
            of: (slice) => perTime(slice, flow, ({ inFlightMs }) => inFlightMs),
          },
        ],
        { unit: 'count', group },
      ),
    }),
  ]
}

function perTime(slice: Slice, flow: string, integral: (metrics: FlowMetrics) => number): number {
  const own = flowIn(slice, flow)
  const widthMs = slice.endMs - slice.startMs
  return own === undefined || widthMs <= 0 ? Number.NaN : integral(own) / widthMs
}

function rateFigure(
  slices: readonly Slice[],
  flow: string,
  id: string,
  group: string,
  charts: Charts,
): Content {
  const answered = (slice: Slice): number => rateIn(slice, flow, answeredPerSecond)
  const errors = (slice: Slice): number => rateIn(slice, flow, errorsPerSecond)
  const measured = slices
    .filter(({ phase }) => phase.kind === 'measure')
    .map(answered)
    .filter(Number.isFinite)
  const hasErrors = slices.some((slice) => errors(slice) > 0)
  const isAsked = slices.some((slice) => Number.isFinite(askedPerSecond(slice, flow)))
  const range =
    measured.length === 0
      ? 'nothing was measured yet'
      : `between ${Math.round(Math.min(...measured))} and ${Math.round(Math.max(...measured))} per second`
  return figure(charts, {
    id: `${id}-rate`,
    title: 'Rate over time',
    alternative: `answered ${range}${hasErrors ? ', with errors' : ''}`,
    chart: timeChart(
      slices,
      [
        { label: 'answered', color: 0, filled: true, of: answered },
        ...(isAsked
          ? [
              {
                label: 'requested',
                color: 5,
                dash: [7, 4],
                of: (slice: Slice) => askedPerSecond(slice, flow),
              },
            ]
          : []),
        ...(hasErrors ? [{ label: 'errors', color: 1, of: errors }] : []),
      ],
      { unit: 'perSecond', group },
    ),
  })
}
