import { errorsOf } from '@cloudbench/core'
import { formatDuration } from '@cloudbench/core/text'
import { answeredPerSecond, flowIn, rateIn } from '../charts/over-time.ts'
import { count, rate, share, time } from '../figures.ts'
import type { Content } from '../html.ts'
import type { ScenarioReport } from '../report.ts'
import { details, table } from './table.ts'

/** The charts over time, as figures. */
export function intervalTable(
  { slices }: ScenarioReport,
  flow: string,
  { id, open, ofFlow }: { readonly id: string; readonly open: boolean; readonly ofFlow: string },
): Content {
  if (slices.length === 0) return undefined
  const rows = slices.map((slice) => {
    const own = flowIn(slice, flow)
    const latency = open ? own?.total.response : own?.total.service
    const widthMs = slice.endMs - slice.startMs
    const hasLatency = latency !== undefined && latency.count > 0
    return [
      `${formatDuration(slice.startMs)} to ${formatDuration(slice.endMs)}`,
      slice.phase.kind === 'warmup' ? `${slice.phase.name} (not counted)` : slice.phase.name,
      rate(rateIn(slice, flow, answeredPerSecond)),
      count(own ? errorsOf(own.total) : Number.NaN),
      ...[50, 99].map((p) => time(latency?.percentile(p) ?? Number.NaN)),
      time(hasLatency ? latency.max : Number.NaN),
      count(own && widthMs > 0 ? Math.round((own.connections.openMs / widthMs) * 100) / 100 : Number.NaN),
      share(slice.generator?.busy ?? Number.NaN),
      time(slice.generator?.lagP99Ns ?? Number.NaN),
    ]
  })
  return details(
    id,
    `All over time${ofFlow}, as a table`,
    table(
      `Over time${ofFlow}`,
      [
        { title: 'time' },
        { title: 'phase', isText: true },
        { title: 'rate' },
        { title: 'errors' },
        { title: 'p50' },
        { title: 'p99' },
        { title: 'max' },
        { title: 'connections' },
        { title: 'generator busy' },
        { title: 'generator lag p99' },
      ],
      rows,
    ),
  )
}
