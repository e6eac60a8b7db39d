import { errorShareOf, ratePerSecond, type HistogramView, type Metrics } from '@cloudbench/core'
import { formatCount, formatDuration, formatPercentage, formatRate } from '@cloudbench/core/text'
import type { Column } from './table.ts'

/** A number of an operation, a flow or a run, as a column. */
export interface NumberColumn extends Column {
  of(metrics: Metrics, elapsedMs: number, isOpen: boolean): string
  /** As verdicts name it. */
  metric(isOpen: boolean): string
}

/** What a table of results has beside names. */
export const numbers: readonly NumberColumn[] = [
  { title: 'requests', priority: 3, of: ({ sent }) => short(sent), metric: () => 'requests' },
  {
    title: 'rate',
    priority: 1,
    of: (metrics, elapsedMs) => formatRate(ratePerSecond(metrics, elapsedMs), 3),
    metric: () => 'rate',
  },
  {
    title: 'errors',
    priority: 1,
    of: (metrics) => formatPercentage(errorShareOf(metrics)),
    metric: () => 'errors.rate',
  },
  percentile(50, 2),
  percentile(90, 7),
  percentile(95, 4),
  percentile(99, 2),
  percentile(99.9, 5),
  {
    title: 'max',
    priority: 6,
    of(metrics, _elapsedMs, isOpen) {
      const { count, max } = latencyOf(metrics, isOpen)
      return count === 0 ? '–' : time(max)
    },
    metric: (isOpen) => `${basisOf(isOpen)}.max`,
  },
]

/** From due to answered, where requests come due; else from sent. */
export function latencyOf({ response, service }: Metrics, isOpen: boolean): HistogramView {
  return isOpen ? response : service
}

/** What times are called. */
export function basisOf(isOpen: boolean): 'response' | 'service' {
  return isOpen ? 'response' : 'service'
}

export const short = (value: number): string => formatCount(value, 3)
export const time = (ns: number): string => formatDuration(ns / 1e6)

function percentile(p: number, priority: number): NumberColumn {
  return {
    title: `p${p}`,
    priority,
    of: (metrics, _elapsedMs, isOpen) => time(latencyOf(metrics, isOpen).percentile(p)),
    metric: (isOpen) => `${basisOf(isOpen)}.p${p}`,
  }
}
