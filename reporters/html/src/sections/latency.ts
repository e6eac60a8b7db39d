import type { FlowMetrics, HistogramView, Metrics } from '@cloudbench/core'
import { count, time } from '../figures.ts'
import type { Content } from '../html.ts'
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
  { total, operations, recorders }: FlowMetrics,
  open: boolean,
  ofFlow: string,
): Content {
  const several = Object.entries(operations).filter(([, { scheduled }]) => scheduled > 0)
  const rows = [
    ...distributionsOf(total, open),
    ...(several.length > 1
      ? several.flatMap(([name, metrics]) =>
          distributionsOf(metrics, open)
            .slice(0, 1)
            .map(([basis, histogram]) => [`${name} ${basis}`, histogram] as const),
        )
      : []),
    ...Object.entries(recorders),
  ].filter(([, histogram]) => histogram.count > 0)
  if (rows.length === 0) return undefined
  return table(
    `Latency${ofFlow}`,
    columns,
    rows.map(([name, histogram]) => [
      name,
      count(histogram.count),
      time(histogram.min),
      time(histogram.mean),
      ...percentiles.map((p) => time(histogram.percentile(p))),
      time(histogram.max),
    ]),
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
