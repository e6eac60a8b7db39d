import { medianOf } from './median.ts'

export interface Shift {
  /** The median of the Walsh averages. */
  readonly shift: number
  readonly low: number
  readonly high: number
}

/**
 * By how much one of two differs from the other, from the differences of pairs: of logarithms for a ratio. It assumes that
 * differences scatter evenly around the shift, and nothing of their distribution.
 *
 * Hodges & Lehmann, Annals of Mathematical Statistics 34 (1963): the median of the M = n(n+1)/2 averages (d_i + d_j)/2, i ≤ j; its
 * interval is from the k-th of them to the k-th from the end, for the largest k with P(T⁺ ≤ k−1) ≤ (1 − confidence)/2, T⁺ being
 * Wilcoxon's signed-rank statistic. It holds 0 exactly where the two-sided test does not reject.
 *
 * Undefined where no interval is that sure: for 95 %, with fewer than six pairs; and where a difference is no number.
 */
export function pairedShift(differences: readonly number[], confidence = 0.95): Shift | undefined {
  if (differences.some((difference) => Number.isNaN(difference))) return undefined
  const averages: number[] = []
  for (const [at, one] of differences.entries())
    for (const other of differences.slice(at)) averages.push((one + other) / 2)
  const sorted = Float64Array.from(averages).toSorted()
  const rank = outerRank(differences.length, (1 - confidence) / 2)
  if (rank === 0) return undefined
  return { shift: medianOf(averages), low: sorted[rank - 1]!, high: sorted.at(-rank)! }
}

/** The largest k with P(T⁺ ≤ k−1) ≤ `most`; 0 where there is none. */
function outerRank(pairs: number, most: number): number {
  const sums = (pairs * (pairs + 1)) / 2
  // P(T⁺ = sum): each rank from 1 on is in it or not, by a coin
  const chances = new Float64Array(sums + 1)
  chances[0] = 1
  for (let rank = 1; rank <= pairs; rank++)
    for (let sum = sums; sum >= 0; sum--)
      chances[sum] = (chances[sum]! + (sum >= rank ? chances[sum - rank]! : 0)) / 2
  let below = 0
  // rounding must not make 1/32 a little more than that
  for (let k = 0; k < chances.length; k++) {
    below += chances[k]!
    if (below > most * (1 + 1e-9)) return k
  }
  return 0
}
