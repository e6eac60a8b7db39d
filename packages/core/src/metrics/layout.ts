/**
 * Where a value goes in the counts of a histogram.
 *
 * The layout is HdrHistogram's with three significant digits and a lowest discernible value of 1 ns: 2048 slots of
 * 1 ns, then 1024 for every power of two. A slot is at most 1/1024 of its values wide, so a quantile read from it is
 * off by less than 0.1 %. One layout for every histogram makes merging an addition.
 * http://hdrhistogram.org
 */

/** Values from here on, in nanoseconds (18 minutes), are counted as overflow. */
export const rangeNs = 2 ** 40

/** Number of slots: 2048 + 1024 for each of the 29 powers of two up to the range. */
export const slotCount = 31 * 1024

/** The slot of a value with `0 ≤ value < rangeNs`. */
export function slotOf(value: number): number {
  if (value < 2_147_483_648) {
    const whole = value | 0
    if (whole < 2048) return whole
    const shift = 21 - Math.clz32(whole)
    return (shift << 10) + (whole >>> shift)
  }
  // beyond 31 bits: the same on the value's upper part, since the lower ten bits never decide
  const upper = (value / 1024) | 0
  const shift = 21 - Math.clz32(upper)
  return ((shift + 10) << 10) + (upper >>> shift)
}

/** The smallest whole value that falls into a slot. */
export function lowestOf(slot: number): number {
  if (slot < 2048) return slot
  const shift = (slot >>> 10) - 1
  return (slot - shift * 1024) * 2 ** shift
}

/** The largest whole value that falls into a slot. */
export function highestOf(slot: number): number {
  if (slot < 2048) return slot
  return lowestOf(slot) + 2 ** ((slot >>> 10) - 1) - 1
}
