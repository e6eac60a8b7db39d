import type { HistogramView } from '@cloudbench/core'
import { rounded, type LineChart } from './chart.ts'

/** Points per factor of ten of requests. */
const pointsPerDecade = 20

export interface Distribution {
  readonly label: string
  readonly color: number
  readonly dash?: readonly number[]
  readonly histogram: HistogramView
}

/**
 * Percentiles as plots of HdrHistogram have them: each step to the right is ten times fewer requests, 90 %, 99 %, 99.9 %, up to
 * the slowest one.
 */
export function quantileChart(distributions: readonly Distribution[], group: string): LineChart | undefined {
  const used = distributions.filter(({ histogram }) => histogram.count > 0)
  if (used.length === 0) return undefined
  const most = Math.log10(Math.max(...used.map(({ histogram }) => histogram.count)))
  /** A lag of nanoseconds must not take the room of what is looked for. */
  const lowest = Math.max(1, used[0]!.histogram.min / 10)
  const points = Math.max(1, Math.ceil(most * pointsPerDecade))
  const x = Array.from({ length: points + 1 }, (_, at) => (most * at) / points)
  return {
    kind: 'quantiles',
    unit: 'ns',
    isLog: true,
    group,
    x: x.map((value) => Number(value.toFixed(4))),
    span: [0, Math.max(most, 1)],
    series: used.map(({ label, color, dash, histogram }) => ({
      label,
      color,
      ...(dash && { dash }),
      values: x.map((value) => {
        if (value > Math.log10(histogram.count) + 1e-9) return null
        const ns = histogram.percentile(100 * (1 - 10 ** -value))
        return ns < lowest ? null : rounded(ns)
      }),
    })),
  }
}
