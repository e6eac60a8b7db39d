import { ratePerSecond, sumFlowLists, sumFlows, type Interval, type ScenarioResult } from '@cloudbench/core'
import { formatDuration, formatRate } from '@cloudbench/core/text'
import { sparkline } from './sparkline.ts'

/** As many as fit beside a name on a phone. */
const mostColumns = 40

/** Rate and p99 over the measured time, each as a line; none where there is only one point. */
export function courseOf({ phases }: ScenarioResult, latency: 'response' | 'service'): string[] {
  const columns = phases
    .filter(({ phase }) => phase.kind === 'measure')
    .flatMap(({ intervals, elapsedMs }, _, { length }) =>
      inColumns(intervals, elapsedMs, Math.max(1, Math.floor(mostColumns / length))),
    )
  if (columns.length < 2) return []
  const rates = columns.map(({ perSecond }) => perSecond)
  const quantiles = columns.map((column) => column[latency])
  return [
    `rate ${sparkline(rates)} ${range(rates, (value) => formatRate(value, 3))}`,
    `p99  ${sparkline(quantiles)} ${range(quantiles, (value) => formatDuration(value / 1e6))}`,
  ]
}

interface Column {
  readonly perSecond: number
  readonly response: number
  readonly service: number
}

/** Neighbours together, by when they began: shards of one scenario have intervals at the same time. */
function inColumns(intervals: readonly Interval[], elapsedMs: number, most: number): Column[] {
  const widest = Math.max(0, ...intervals.map(({ startMs, endMs }) => endMs - startMs))
  const widthMs = Math.max(elapsedMs / most, widest, 1)
  const byColumn = Map.groupBy(intervals, ({ startMs }) => Math.floor(startMs / widthMs))
  return [...byColumn]
    .toSorted(([a], [b]) => a - b)
    .map(([, parts]) => {
      const { total } = sumFlows(sumFlowLists(parts.map(({ flows }) => flows)))
      const lengthMs =
        Math.max(...parts.map(({ endMs }) => endMs)) - Math.min(...parts.map(({ startMs }) => startMs))
      return {
        perSecond: ratePerSecond(total, lengthMs),
        response: total.response.percentile(99),
        service: total.service.percentile(99),
      }
    })
}

function range(values: readonly number[], format: (value: number) => string): string {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return '–'
  const [least, most] = [format(Math.min(...known)), format(Math.max(...known))]
  return least === most ? least : `${least} … ${most}`
}
