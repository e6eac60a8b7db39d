import { Histogram } from '../metrics/histogram.ts'
import type { HistogramView } from '../plugin/model.ts'
import { value, type Reading } from './reading.ts'

/** One number of a distribution. `what` is what was recorded in it. */
export type Statistic = (parts: readonly HistogramView[], what: string) => Reading

/** Finds `p99`, `p99.9` (or `p999`), `mean`, `min` or `max`. */
export function statisticOf(text: string): Statistic | undefined {
  if (text === 'mean' || text === 'min' || text === 'max') return statistic((merged) => merged[text])
  const percent = percentOf(text)
  return percent === undefined ? undefined : statistic((merged) => quantile(merged, percent))
}

function statistic(read: (merged: HistogramView) => number): Statistic {
  return (parts, what) => {
    const merged = Histogram.sum(parts)
    return merged.count === 0 ? { missing: `no ${what} was recorded` } : value(read(merged))
  }
}

/** Which quantile, 0 to 1, `p99.9`, `min` and `max` are; undefined for anything else, such as `mean`. */
export function quantileOf(text: string): number | undefined {
  if (text === 'min') return 0
  if (text === 'max') return 1
  const percent = percentOf(text)
  return percent === undefined ? undefined : percent / 100
}

/** `p99.9` and `p999` are 99.9; `p100` is the maximum. */
function percentOf(text: string): number | undefined {
  const [, digits] = /^p(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const isShort = /^9\d\d+$/.test(digits)
  const percent = Number(isShort ? `${digits.slice(0, 2)}.${digits.slice(2)}` : digits)
  return percent > 0 && percent <= 100 ? percent : undefined
}

/** Values beyond the range of a histogram are longer than anything that it can represent. */
function quantile(merged: HistogramView, percent: number): number {
  const isBeyond =
    merged.overflow > 0 && Math.ceil((percent * merged.count) / 100 - 1e-6) > merged.count - merged.overflow
  return isBeyond ? Infinity : merged.percentile(percent)
}
