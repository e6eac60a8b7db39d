import type { FlowMetrics, HistogramView, Metrics, NumberVerdict, Verdict } from '@cloudbench/core'
import { numberOf } from '@cloudbench/core/text'
import { count, time } from '../figures.ts'
import type { Content } from '../html.ts'
import { intervalOf, marked } from './marked.ts'
import { table, type Column } from './table.ts'

const percentiles = [50, 90, 95, 99, 99.9, 99.99] as const

const columns: readonly Column[] = [
  { title: 'time' },
  { title: 'count' },
  { title: 'min' },
  { title: 'mean' },
  ...percentiles.map((p) => ({ title: `p${p}` })),
  { title: 'max' },
]

/** Every distribution of a flow, in figures. */
export function latencyTable(
  { flow, total, operations, recorders }: FlowMetrics,
  open: boolean,
  ofFlow: string,
  verdict: Verdict | undefined,
): Content {
  const several = Object.entries(operations).filter(([, { scheduled }]) => scheduled > 0)
  const rows: (readonly [name: string, histogram: HistogramView, basis?: string, operation?: string])[] = [
    ...distributionsOf(total, open).map(([basis, histogram]) => [basis, histogram, basis] as const),
    ...(several.length > 1
      ? several.flatMap(([name, metrics]) =>
          distributionsOf(metrics, open)
            .slice(0, 1)
            .map(([basis, histogram]) => [`${name} ${basis}`, histogram, basis, name] as const),
        )
      : []),
    ...Object.entries(recorders),
  ]
  const shown = rows.filter(([, histogram]) => histogram.count > 0)
  if (shown.length === 0) return undefined
  return table(
    `Latency${ofFlow}`,
    columns,
    shown.flatMap(([name, histogram, basis, operation]) => {
      const of = (statistic: string): NumberVerdict | undefined =>
        basis === undefined ? undefined : numberOf(verdict, `${basis}.${statistic}`, flow, operation)
      const intervals = ['mean', ...percentiles.map((p) => `p${p}`)].map((statistic) =>
        intervalOf(of(statistic), `${basis}.${statistic}`),
      )
      const row = [
        name,
        count(histogram.count),
        time(histogram.min),
        marked(time(histogram.mean), of('mean')),
        ...percentiles.map((p) => marked(time(histogram.percentile(p)), of(`p${p}`))),
        marked(time(histogram.max), of('max')),
      ]
      const isKnown = operation === undefined && intervals.some((text) => text !== undefined)
      return isKnown ? [row, [`${name}, 95 %`, undefined, undefined, ...intervals]] : [row]
    }),
  )
}

function distributionsOf(
  { response, service, lag, failures }: Metrics,
  open: boolean,
): (readonly [string, HistogramView])[] {
  return [
    ...(open ? ([['response', response]] as const) : []),
    ['service', service],
    ...(open ? ([['lag', lag]] as const) : []),
    ['failures', failures],
  ]
}
