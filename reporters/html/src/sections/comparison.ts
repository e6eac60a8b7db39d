import {
  errorShareOf,
  isOpenLoop,
  measuredOf,
  ratePerSecond,
  requestCostOf,
  sumFlows,
  type HistogramView,
  type NumberVerdict,
} from '@cloudbench/core'
import { formatClient, formatCount, numberOf } from '@cloudbench/core/text'
import type { Charts } from '../charts/chart.ts'
import { quantileChart } from '../charts/quantiles.ts'
import { count, rate, share, size, time, timeText } from '../figures.ts'
import { html, type Content } from '../html.ts'
import type { Report, ScenarioReport } from '../report.ts'
import { badge } from './badge.ts'
import { figure } from './figure.ts'
import { marked, markedBy } from './marked.ts'
import { table } from './table.ts'

/** More lines than this cannot be told apart. */
const mostLines = 8

/** A time, and what the verdict says of it. */
interface Figure {
  readonly ns: number
  readonly number: NumberVerdict | undefined
}

/** Several scenarios, or several runs, side by side. */
export function comparison({ scenarios, run }: Report, charts: Charts): Content {
  const measured = scenarios.filter(({ phases }) => phases.some(({ phase }) => phase.kind === 'measure'))
  if (measured.length < 2) return undefined
  const latencies = measured.map(latencyOf)
  const bases = measured.map((report) => baseOf(report, run.merged ?? []))
  const p99s = measured.map(({ verdict }, at): Figure => {
    const { basis, histogram } = latencies[at]!
    return { ns: histogram.percentile(99), number: numberOf(verdict, `${basis}.p99`) }
  })
  /** That of the first one that asked the same question. */
  const firstP99 = bases.map((base) =>
    bases.indexOf(base) === bases.lastIndexOf(base) ? undefined : p99s[bases.indexOf(base)],
  )
  const shown = latencies.slice(0, mostLines).map((latency, at) => ({
    ...latency,
    label: measured[at]!.scenario.id,
    color: at,
    ...(at >= 5 && { dash: [6, 4] }),
  }))
  const isRuns = run.merged !== undefined
  const left = measured.length - mostLines
  return html`<section id="comparison" class="card" aria-labelledby="comparison-title">
    <h2 id="comparison-title">${isRuns ? 'Runs side by side' : 'Scenarios side by side'}</h2>
    ${table(
      isRuns ? 'Runs side by side' : 'Scenarios side by side',
      [
        { title: 'scenario' },
        { title: 'result', isText: true },
        { title: 'verdict', isText: true },
        { title: 'requests' },
        { title: 'rate' },
        { title: 'errors' },
        {
          title: 'basis',
          isText: true,
          help: 'response: from when a request was due; service: from when it was sent',
        },
        { title: 'p50' },
        { title: 'p99' },
        { title: '× first', help: 'p99 beside that of the first row of the same scenario' },
        { title: 'p99.9' },
        { title: 'max' },
        { title: 'CPU/request' },
        { title: 'heap/request' },
      ],
      measured.map((report, at) => rowOf(report, latencies[at]!, firstP99[at], scenarios.indexOf(report))),
    )}
    ${figure(charts, {
      id: 'comparison-quantiles',
      title: 'Latency by percentile',
      ...(left > 0 && { note: `The first ${mostLines} of ${measured.length}.` }),
      alternative: shown
        .map(({ label, histogram }) => `p99 of ${label} ${timeText(histogram.percentile(99))}`)
        .join(', '),
      chart: quantileChart(shown, 'comparison'),
    })}
  </section>`
}

function latencyOf(report: ScenarioReport): { readonly basis: string; readonly histogram: HistogramView } {
  const { total } = sumFlows(measuredOf(report).flows)
  const open = report.scenario.flows.some(({ name }) => isOpenLoop(name, report.scenario.phases))
  return open
    ? { basis: 'response', histogram: total.response }
    : { basis: 'service', histogram: total.service }
}

function rowOf(
  report: ScenarioReport,
  { basis, histogram }: ReturnType<typeof latencyOf>,
  firstP99: Figure | undefined,
  at: number,
): readonly Content[] {
  const { flows, elapsedMs } = measuredOf(report)
  const { total } = sumFlows(flows)
  const cost = requestCostOf(report)
  const client = report.scenario.flows[0]?.client
  const p99 = histogram.percentile(99)
  const of = (metric: string, content: Content): Content => marked(content, numberOf(report.verdict, metric))
  return [
    html`<a href="#scenario-${at}">${report.scenario.id}</a
      >${client !== undefined && html` <small>${formatClient(client)}</small>`}`,
    badge(report.state),
    report.verdict && badge(report.verdict.validity),
    count(total.sent),
    of('rate', rate(ratePerSecond(total, elapsedMs))),
    of('errors.rate', share(errorShareOf(total))),
    basis,
    of(`${basis}.p50`, time(histogram.percentile(50))),
    of(`${basis}.p99`, time(p99)),
    firstP99 &&
      markedBy(ratio(p99 / firstP99.ns), [firstP99.number, numberOf(report.verdict, `${basis}.p99`)]),
    of(`${basis}.p99.9`, time(histogram.percentile(99.9))),
    of(`${basis}.max`, time(histogram.count === 0 ? Number.NaN : histogram.max)),
    time(cost.cpuNs),
    size(cost.allocatedBytes),
  ]
}

function ratio(value: number): string {
  return Number.isFinite(value) ? `${formatCount(value, 3)}×` : '–'
}

/** The scenario that it was, by whichever client and in whichever run. */
function baseOf({ scenario }: ScenarioReport, runs: readonly string[]): string {
  const run = runs.find((id) => scenario.id.endsWith(` (${id})`))
  const own = run === undefined ? scenario.id : scenario.id.slice(0, -` (${run})`.length)
  return scenario.comparison ?? own
}
