/** The result of one check. */
export interface Finding {
  /** `doubtful`: runs are possible, but may measure the wrong thing. `bad`: runs are not possible. */
  readonly state: 'good' | 'doubtful' | 'bad'
  readonly what: string
  /** What to do about it. */
  readonly advice?: string
}
