import type { HistogramBucket, HistogramView } from '../plugin/model.ts'
import { encodeHdr } from './hdr.ts'
import { highestOf, lowestOf, rangeNs, slotCount, slotOf } from './layout.ts'
import type { HistogramData } from './recorder.ts'
import { extentAt, extentOf, HistogramRecorder } from './recorder.ts'

/** A finished distribution of durations in nanoseconds. Never changes; `Histogram.sum` makes a new one. */
export class Histogram implements HistogramView {
  static readonly empty: Histogram = new Histogram({
    slots: new Uint16Array(0),
    counts: new Float64Array(0),
    extent: new Float64Array(3),
    count: 0,
    overflow: 0,
  })

  readonly data: HistogramData

  constructor(data: HistogramData) {
    this.data = data
  }

  /** The distribution of the given durations. */
  static of(valuesNs: Iterable<number>): Histogram {
    const recorder = new HistogramRecorder()
    for (const value of valuesNs) recorder.record(value)
    return new Histogram(recorder.drain())
  }

  /** The distribution of all values of all parts: exact, whatever the order and the grouping. */
  static sum(parts: readonly HistogramView[]): Histogram {
    const used = parts.filter((part) => part.count > 0).map(histogramOf)
    if (used.length === 0) return Histogram.empty
    if (used.length === 1) return used[0]!
    let count = 0
    let overflow = 0
    const extent = extentOf({ min: Infinity, max: 0, sum: 0 })
    let first = slotCount
    let last = -1
    for (const { data } of used) {
      const { slots, counts } = data
      for (let at = 0; at < slots.length; at++) scratch[slots[at]!]! += counts[at]!
      if (slots.length > 0) {
        first = Math.min(first, slots[0]!)
        last = Math.max(last, slots.at(-1)!)
      }
      count += data.count
      overflow += data.overflow
      extent[extentAt.sum]! += data.extent[extentAt.sum]!
      extent[extentAt.min] = Math.min(extent[extentAt.min]!, data.extent[extentAt.min]!)
      extent[extentAt.max] = Math.max(extent[extentAt.max]!, data.extent[extentAt.max]!)
    }
    return new Histogram({ ...takeUsed(first, last), extent, count, overflow })
  }

  get count(): number {
    return this.data.count
  }

  get min(): number {
    return this.data.extent[extentAt.min]!
  }

  get max(): number {
    return this.data.extent[extentAt.max]!
  }

  get sum(): number {
    return this.data.extent[extentAt.sum]!
  }

  get mean(): number {
    return this.data.count === 0 ? Number.NaN : this.sum / this.data.count
  }

  get overflow(): number {
    return this.data.overflow
  }

  percentile(p: number): number {
    const { max } = this
    const { slots, counts, count } = this.data
    if (count === 0) return Number.NaN
    // 99.9 % of 1000 is 999.0000000000001 in binary: without the allowance that would be rank 1000
    const exact = (p * count) / 100
    const rank = Math.max(1, Math.ceil(exact - Math.max(1e-6, exact * 1e-12)))
    for (let at = 0, seen = 0; at < slots.length; at++) {
      seen += counts[at]!
      if (seen >= rank) return Math.min(highestOf(slots[at]!), max)
    }
    return max
  }

  countAtMost(valueNs: number): number {
    const { slots, counts, count } = this.data
    if (valueNs >= this.max) return count
    if (!(valueNs >= 0)) return 0
    const last = valueNs < rangeNs ? slotOf(valueNs) : slotCount
    let seen = 0
    for (let at = 0; at < slots.length && slots[at]! <= last; at++) seen += counts[at]!
    return seen
  }

  *buckets(): Generator<HistogramBucket> {
    const { slots, counts } = this.data
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]!
      yield { lowestNs: lowestOf(slot), highestNs: highestOf(slot), count: counts[at]! }
    }
  }

  encode(): string {
    return encodeHdr(this.data)
  }
}

/** A view in this layout, such as one that a plugin has made, or another copy of this package. */
function histogramOf(view: HistogramView): Histogram {
  if (view instanceof Histogram) return view
  const bySlot = new Map<number, number>()
  for (const { lowestNs, count } of view.buckets()) {
    const slot = slotOf(lowestNs)
    bySlot.set(slot, (bySlot.get(slot) ?? 0) + count)
  }
  const used = [...bySlot].toSorted(([a], [b]) => a - b)
  const { count, overflow } = view
  return new Histogram({
    slots: Uint16Array.from(used, ([slot]) => slot),
    counts: Float64Array.from(used, ([, counted]) => counted),
    extent: extentOf(view),
    count,
    overflow,
  })
}

/** All zero between calls. */
const scratch = new Float64Array(slotCount)

/** The slots that have counts, in order; resets them for the next sum. */
function takeUsed(first: number, last: number): Pick<HistogramData, 'slots' | 'counts'> {
  let used = 0
  for (let slot = first; slot <= last; slot++) if (scratch[slot] !== 0) used++
  const slots = new Uint16Array(used)
  const counts = new Float64Array(used)
  for (let slot = first, at = 0; slot <= last; slot++) {
    if (scratch[slot] === 0) continue
    slots[at] = slot
    counts[at++] = scratch[slot]!
    scratch[slot] = 0
  }
  return { slots, counts }
}
