import type { Survey } from '@cloudbench/core/program'

/** The result of one check. */
export interface Finding {
  /** `doubtful`: runs are possible, but may measure the wrong thing. `bad`: runs are not possible. */
  readonly state: 'good' | 'doubtful' | 'bad'
  readonly what: string
  /** What to do about it. */
  readonly advice?: string
}

/** How many there are of each state. Advice counts where it says that runs may measure the wrong thing. */
export function countsOf(
  findings: readonly Finding[],
  survey: Pick<Survey, 'advice'> | undefined,
): Record<Finding['state'], number> {
  const counts = { good: 0, doubtful: 0, bad: 0 }
  for (const { state } of findings) counts[state]++
  for (const { state = 'doubtful' } of survey?.advice ?? []) if (state === 'doubtful') counts.doubtful++
  return counts
}
