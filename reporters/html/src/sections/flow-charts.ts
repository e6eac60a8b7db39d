import type { FlowMetrics, HistogramView } from '@cloudbench/core'
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
import { timeText } from '../figures.ts'
import type { Content } from '../html.ts'
import type { Slice } from '../slices.ts'
import { figure } from './figure.ts'

/** What is drawn of a flow. */
export interface FlowCharts {
  readonly flow: string
  readonly id: string
  /** Charts of one scenario show the same time under the cursor. */
  readonly group: string
  readonly open: boolean
  readonly slices: readonly Slice[]
  readonly measured: FlowMetrics | undefined
  readonly charts: Charts
  /** In milliseconds since the scenario began to load. */
  readonly disturbed: readonly (readonly [fromMs: number, toMs: number])[]
}

export function flowCharts(given: FlowCharts): Content {
  return [
    quantileFigure(given),
    latencyFigure(given),
    rateFigure(given),
    heatFigure(given),
    connectionFigure(given),
  ]
}

function quantileFigure({ id, open, measured, charts }: FlowCharts): Content {
  const total = measured?.total
  return figure(charts, {
    id: `${id}-quantiles`,
    title: 'Latency by percentile',
    alternative: quantilesText(measured, open),
    chart:
      total &&
      quantileChart(
        open
          ? [
              { label: 'response', color: 0, histogram: total.response },
              { label: 'service', color: 1, dash: [7, 4], histogram: total.service },
              { label: 'lag', color: 2, dash: [2, 3], histogram: total.lag },
            ]
          : [{ label: 'service', color: 0, histogram: total.service }],
        `${id}-quantiles`,
        // a lag of nanoseconds must not take the room of what is looked for
        Math.max(1, (open ? total.response : total.service).min / 10),
      ),
  })
}

function latencyFigure({ flow, id, group, open, slices, measured, charts, disturbed }: FlowCharts): Content {
  const at = (p: number) => (slice: Slice) => latencyIn(slice, flow, open)?.percentile(p) ?? Number.NaN
  return figure(charts, {
    id: `${id}-latency`,
    title: `${open ? 'Response' : 'Service'} time over time`,
    alternative: `${quantilesText(measured, open)}, over all`,
    chart: timeChart(
      slices,
      [
        { label: 'p50', color: 0, of: at(50) },
        { label: 'p99', color: 1, of: at(99) },
        { label: 'max', color: 3, dash: [2, 3], of: at(100) },
      ],
      { unit: 'ns', isLog: true, group, disturbed },
    ),
  })
}

function rateFigure({ flow, id, group, slices, charts, disturbed }: FlowCharts): Content {
  const answered = (slice: Slice): number => rateIn(slice, flow, answeredPerSecond)
  const asked = (slice: Slice): number => askedPerSecond(slice, flow)
  const errors = (slice: Slice): number => rateIn(slice, flow, errorsPerSecond)
  const measured = slices
    .filter(({ phase }) => phase.kind === 'measure')
    .map(answered)
    .filter(Number.isFinite)
  const hasErrors = slices.some((slice) => errors(slice) > 0)
  const isAsked = slices.some((slice) => Number.isFinite(asked(slice)))
  const range =
    measured.length === 0
      ? 'nothing was measured yet'
      : `between ${Math.round(Math.min(...measured))} and ${Math.round(Math.max(...measured))} per second`
  return figure(charts, {
    id: `${id}-rate`,
    title: 'Rate over time',
    size: 'medium',
    alternative: `answered ${range}${hasErrors ? ', with errors' : ''}`,
    chart: timeChart(
      slices,
      [
        { label: 'answered', color: 0, filled: true, of: answered },
        ...(isAsked ? [{ label: 'requested', color: 5, dash: [7, 4], of: asked }] : []),
        ...(hasErrors ? [{ label: 'errors', color: 1, of: errors }] : []),
      ],
      { unit: 'perSecond', group, disturbed },
    ),
  })
}

function heatFigure({ flow, id, group, open, slices, measured, charts }: FlowCharts): Content {
  return figure(charts, {
    id: `${id}-heat`,
    size: 'medium',
    title: `${open ? 'Response' : 'Service'} times as a heatmap`,
    alternative: `how many requests took how long in every stretch of time; over all, ${quantilesText(measured, open)}`,
    chart: heatChart(slices, (slice) => latencyIn(slice, flow, open), group),
  })
}

function connectionFigure({ flow, id, group, slices, charts }: FlowCharts): Content {
  const perTime = (integral: (metrics: FlowMetrics) => number) => (slice: Slice) => {
    const own = flowIn(slice, flow)
    const widthMs = slice.endMs - slice.startMs
    return own === undefined || widthMs <= 0 ? Number.NaN : integral(own) / widthMs
  }
  return figure(charts, {
    id: `${id}-connections`,
    title: 'Connections and requests in flight',
    alternative: 'the average of every stretch of time, as in the table over time',
    size: 'medium',
    chart: timeChart(
      slices,
      [
        { label: 'connections', color: 0, of: perTime(({ connections }) => connections.openMs) },
        { label: 'in flight', color: 1, dash: [7, 4], of: perTime(({ inFlightMs }) => inFlightMs) },
      ],
      { unit: 'count', group },
    ),
  })
}

function latencyIn(slice: Slice, flow: string, open: boolean): HistogramView | undefined {
  const total = flowIn(slice, flow)?.total
  return open ? total?.response : total?.service
}

/** What someone who does not see a chart of latency should know. */
function quantilesText(measured: FlowMetrics | undefined, open: boolean): string {
  const latency = open ? measured?.total.response : measured?.total.service
  if (latency === undefined || latency.count === 0) return 'nothing was measured yet'
  const quantiles = [50, 90, 99, 99.9].map((p) => `p${p} ${timeText(latency.percentile(p))}`).join(', ')
  return `${open ? 'response' : 'service'} ${quantiles}`
}
