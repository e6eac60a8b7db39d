/** What was found out about one thing. */
export interface Finding {
  /** `doubtful`: runs are possible, and may measure the wrong thing. `bad`: they are not possible. */
  readonly state: 'good' | 'doubtful' | 'bad'
  readonly what: string
  /** What to do about it. */
  readonly advice?: string
}
