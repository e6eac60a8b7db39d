/** A distribution as a histogram or a sorted sample has it. */
export interface Distribution {
  readonly count: number
  /** The value that `p` percent of the values do not exceed, by nearest rank. */
  percentile(p: number): number
  /** How many values are `value` or less. */
  countAtMost(value: number): number
}

/** The same measurement as a whole, and in consecutive batches. */
export interface Batched {
  readonly whole: Distribution
  readonly batches: readonly Distribution[]
}
