import type { Batched, Distribution } from '../../src/index.ts'

/** A distribution that keeps every value. */
export function sampleOf(values: Iterable<number>): Distribution {
  const sorted = Float64Array.from(values).toSorted()
  return {
    count: sorted.length,
    percentile: (p) => sorted[Math.max(1, Math.ceil((p / 100) * sorted.length - 1e-9)) - 1]!,
    countAtMost(value) {
      let low = 0
      let high = sorted.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (sorted[middle]! <= value) low = middle + 1
        else high = middle
      }
      return low
    },
  }
}

/** Twelve batches of the same. */
export function twelve<T>(batch: T): T[] {
  return Array.from({ length: 12 }, () => batch)
}

export function batched(parts: ReadonlyArray<readonly number[]>): Batched {
  return { whole: sampleOf(parts.flat()), batches: parts.map(sampleOf) }
}
