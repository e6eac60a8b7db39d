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
  const middlesNs: number[] = []
  const counts: number[] = []
  let zeroCount = 0
  for (const bucket of view.buckets()) {
    if (bucket.highestNs === 0) {
      zeroCount += bucket.count
      continue
    }
    middlesNs.push(Math.min(Math.max((bucket.lowestNs + bucket.highestNs) / 2, min), max))
    counts.push(bucket.count)
  }
  if (overflow > 0) {
    middlesNs.push(max)
    counts.push(overflow)
  }
  const { scale, offset } = fitted(middlesNs[0], middlesNs.at(-1))
  return {
    count,
    sum: sum / 1e9,
    ...(count > 0 && { min: min / 1e9, max: max / 1e9 }),
    scale,
    zeroCount,
    positive: { offset, bucketCounts: bucketsOf(middlesNs, counts, scale, offset) },
    negative: { offset: 0, bucketCounts: [] },
  }
}

/** The largest scale at which all that lies between fits into the buckets, and the index of the first. */
function fitted(firstNs = 1, lastNs = firstNs): { readonly scale: number; readonly offset: number } {
  let scale = maxScale
  while (scale > minScale && indexOf(lastNs, scale) - indexOf(firstNs, scale) >= maxBuckets) scale--
  return { scale, offset: indexOf(firstNs, scale) }
}

function bucketsOf(
  valuesNs: readonly number[],
  counts: readonly number[],
  scale: number,
  offset: number,
): number[] {
  const buckets = valuesNs.length > 0 ? [0] : []
  let last = 0
  let upperNs = upperOf(offset, scale)
  for (const [at, valueNs] of valuesNs.entries()) {
    // a boundary is rounded: the last bucket may end just below the largest value
    while (valueNs > upperNs && last < maxBuckets - 1) {
      last++
      buckets.push(0)
      upperNs = upperOf(offset + last, scale)
    }
    buckets[last]! += counts[at]!
  }
  return buckets
}

/** Bucket `i` holds values above `2^(i / 2^scale)` seconds, up to and with `2^((i + 1) / 2^scale)`. */
function indexOf(valueNs: number, scale: number): number {
  return Math.ceil(Math.log2(valueNs / 1e9) * 2 ** scale) - 1
}

function upperOf(index: number, scale: number): number {
  return 2 ** ((index + 1) / 2 ** scale) * 1e9
}
