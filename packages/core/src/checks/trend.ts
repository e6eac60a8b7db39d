/** A measurement is judged by the values of this many parts of it: neighbouring intervals are too much alike. */
export const trendParts = 12
/**
 * Of the pairs of 12 values in an order that means nothing, so many more go one way than the other with a probability of
 * 0.7 %: Kendall's S (Mann 1945), exactly.
 */
const leastS = 36
/** A change that is certain, but smaller than this share of the value, is no trend. */
const leastChange = 0.01

/** Whether values of equal stretches of time rise (1), fall (-1), or neither: the Mann–Kendall test. */
export function trendOf(values: readonly number[]): -1 | 0 | 1 {
  let s = 0
  for (const [at, value] of values.entries())
    for (const later of values.slice(at + 1)) s += Math.sign(later - value)
  const { first, last } = endsOf(values)
  const isLarge = Math.abs(last - first) >= leastChange * Math.abs(first)
  return Math.abs(s) >= leastS && isLarge ? (Math.sign(s) as -1 | 1) : 0
}

/** The means of the first and of the last third. */
export function endsOf(values: readonly number[]): { readonly first: number; readonly last: number } {
  const third = Math.ceil(values.length / 3)
  const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length
  return { first: mean(values.slice(0, third)), last: mean(values.slice(-third)) }
}
