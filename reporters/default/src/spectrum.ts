import type { HistogramView } from '@cloudbench/core'
import { formatDuration, widthOf } from '@cloudbench/core/text'
import { sparkline } from './sparkline.ts'

/** Values that are closer than this need no picture. */
const leastRatio = 1.2

/** How often times occurred, from the shortest to the longest on a logarithmic axis, and the axis. */
export function spectrum(
  histogram: HistogramView,
  columns: number,
): [bars: string, axis: string] | undefined {
  const { count, min, max, overflow } = histogram
  if (count === 0 || overflow > 0 || min <= 0 || max < min * leastRatio) return undefined
  const edge = (at: number): number => min * (max / min) ** (at / columns)
  let below = 0
  const counts = Array.from({ length: columns }, (_, at) => {
    const upTo = at === columns - 1 ? count : histogram.countAtMost(edge(at + 1))
    const own = upTo - below
    below = upTo
    return own
  })
  return [sparkline(counts), axisOf(min, max, columns)]
}

/** 1, 2 and 5 of every power of ten, as far as there is room. */
function axisOf(min: number, max: number, columns: number): string {
  let axis = ''
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++)
    for (const digit of [1, 2, 5]) {
      const value = digit * 10 ** power
      const at = Math.floor((Math.log(value / min) / Math.log(max / min)) * columns)
      const label = formatDuration(value / 1e6, 1)
      const isFree = axis === '' ? at >= 0 : at >= axis.length + 2
      if (isFree && value <= max && at + widthOf(label) <= columns + 8) axis = axis.padEnd(at) + label
    }
  return axis
}
