import type { HistogramView } from '@cloudbench/core'
import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics'

/** As many as the SDK keeps by default, and as backends expect. */
export const maxBuckets = 160
/** Buckets 0.27 % wide. Finer ones would come near the 0.1 % of the distribution that they are filled from. */
export const maxScale = 8
/** One bucket for all durations there are. */
const minScale = -10

/**
 * A distribution in nanoseconds as an exponential histogram in seconds, at the largest scale at which it fits. Count, sum,
 * smallest and largest value are exact. What shares a bucket of ours goes to the bucket that its middle falls into, so a
 * value is at most 0.05 % on the wrong side of a boundary. Values beyond the range of ours are with the largest value.
 */
export function exponentialOf(view: HistogramView): ExponentialHistogram {
  const { count, sum, min, max, overflow } = view
  const filled: [valueNs: number, count: number][] = []
  let zeroCount = 0
  for (const bucket of view.buckets())
    if (bucket.highestNs === 0) zeroCount += bucket.count
    else filled.push([middleOf(bucket.lowestNs, bucket.highestNs, min, max), bucket.count])

  if (overflow > 0) filled.push([max, overflow])
  const scale = scaleFor(filled)
  const offset = filled.length > 0 ? indexOf(filled[0]![0], scale) : 0
  const bucketCounts: number[] = []
  for (const [valueNs, counted] of filled) {
    const at = indexOf(valueNs, scale) - offset
    while (bucketCounts.length <= at) bucketCounts.push(0)
    bucketCounts[at]! += counted
  }
  return {
    count,
    sum: sum / 1e9,
    ...(count > 0 && { min: min / 1e9, max: max / 1e9 }),
    scale,
    zeroCount,
    positive: { offset, bucketCounts },
    negative: { offset: 0, bucketCounts: [] },
  }
}

function middleOf(lowestNs: number, highestNs: number, min: number, max: number): number {
  return Math.min(Math.max((lowestNs + highestNs) / 2, min), max)
}

function scaleFor(filled: readonly (readonly [valueNs: number, count: number])[]): number {
  if (filled.length === 0) return maxScale
  for (let scale = maxScale; scale > minScale; scale--)
    if (indexOf(filled.at(-1)![0], scale) - indexOf(filled[0]![0], scale) < maxBuckets) return scale
  return minScale
}

/** Bucket `i` holds values above `2^(i / 2^scale)` seconds, up to and with `2^((i + 1) / 2^scale)`. */
function indexOf(valueNs: number, scale: number): number {
  return Math.ceil(Math.log2(valueNs / 1e9) * 2 ** scale) - 1
}
