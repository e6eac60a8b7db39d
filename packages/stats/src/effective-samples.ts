import type { Batched } from './distribution.ts'
import { shareAtMost } from './quantile-interval.ts'

/** How well samples establish a quantile. */
export type Grade = 'established' | 'indicative' | 'not established'

/** Effective samples beyond the quantile that a grade takes. */
const establishedFrom = 10
const indicativeFrom = 3

/**
 * The number of independent samples that would give the median the same standard error; at most the number of samples.
 *
 * p̂(1−p̂)/SE_p² at the median, by batch means, which is 0.25/SE_p² where no two samples are equal. At the median and not
 * at the quantile itself: an error that is estimated from a few samples in the tail is small where they happen to agree.
 *
 * All samples count when they are all the same. Undefined when there are fewer than two batches, or no samples.
 */
export function effectiveSamples({ whole, batches }: Batched): number | undefined {
  if (batches.length < 2 || whole.count === 0) return undefined
  const { share, shareError } = shareAtMost(whole.percentile(50), batches)
  const variance = share * (1 - share)
  // also when rounding makes the share of all of them a little less than 1
  return shareError ** 2 * whole.count <= variance ? whole.count : variance / shareError ** 2
}

/** The grade of the quantile `q` (0 to 1): by how many effective samples there are on its thinner side. */
export function gradeOf(q: number, samples: number): Grade {
  // 1 − 0.9 is a little less than 0.1 in binary
  const beyond = samples * Math.min(q, 1 - q) * (1 + 1e-9)
  return beyond >= establishedFrom
    ? 'established'
    : beyond >= indicativeFrom
      ? 'indicative'
      : 'not established'
}
