import { Histogram, type HistogramBucket, type HistogramView } from '@cloudbench/core'

/** A histogram that has what its interface promises and nothing else, as another package could have written it. */
class View implements HistogramView {
  readonly #of: Histogram
  readonly count: number
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly sum: number
  readonly overflow: number

  constructor(of: Histogram) {
    this.#of = of
    this.count = of.count
    this.min = of.min
    this.max = of.max
    this.mean = of.mean
    this.sum = of.sum
    this.overflow = of.overflow
  }

  percentile(p: number): number {
    return this.#of.percentile(p)
  }

  countAtMost(valueNs: number): number {
    return this.#of.countAtMost(valueNs)
  }

  buckets(): Iterable<HistogramBucket> {
    return this.#of.buckets()
  }

  encode(): string {
    return this.#of.encode()
  }
}

/** The same value, with a view in place of each histogram: reporters must not depend on how ours are stored. */
export function withViews<T>(value: T): T {
  return viewed(value) as T
}

function viewed(value: unknown): unknown {
  if (value instanceof Histogram) return new View(value)
  if (Array.isArray(value)) return value.map(viewed)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, viewed(part)]))
}
