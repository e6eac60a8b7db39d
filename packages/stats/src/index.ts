/** Sums over a stretch of time, such as one of twelve equal parts of a measurement. */
export interface Batch {
  readonly count: number
  readonly sum: number
}

export interface Interval {
  readonly low: number
  /** Null: open, there are too few samples for an upper end. */
  readonly high: number | null
}
