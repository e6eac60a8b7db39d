import type { HistogramView } from '../plugin/result.ts'
import type { HistogramData } from './recorder.ts'
import { encodeHdr } from './hdr.ts'
import { highestOf, slotCount } from './layout.ts'
import { HistogramRecorder } from './recorder.ts'

/** A finished distribution of durations in nanoseconds. Never changes; `Histogram.sum` makes a new one. */
export class Histogram implements HistogramView {
  static readonly empty: Histogram = new Histogram({
    slots: new Uint16Array(0),
    counts: new Float64Array(0),
    count: 0,
    min: 0,
    max: 0,
    sum: 0,
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
    const used = (parts as readonly Histogram[]).filter((part) => part.count > 0)
    if (used.length === 0) return Histogram.empty
    if (used.length === 1) return used[0]!
    const dense = new Float64Array(slotCount)
    let count = 0
    let overflow = 0
    let sum = 0
    let min = Infinity
    let max = 0
    for (const { data } of used) {
      for (let at = 0; at < data.slots.length; at++) dense[data.slots[at]!]! += data.counts[at]!
      count += data.count
      overflow += data.overflow
      sum += data.sum
      min = Math.min(min, data.min)
      max = Math.max(max, data.max)
    }
    const slots = Uint16Array.from(usedSlots(dense))
    return new Histogram({
      slots,
      counts: Float64Array.from(slots, (slot) => dense[slot]!),
      count,
      min,
      max,
      sum,
      overflow,
    })
  }

  get count(): number {
    return this.data.count
  }

  get min(): number {
    return this.data.min
  }

  get max(): number {
    return this.data.max
  }

  get sum(): number {
    return this.data.sum
  }

  get mean(): number {
    return this.data.count === 0 ? Number.NaN : this.data.sum / this.data.count
  }

  get overflow(): number {
    return this.data.overflow
  }

  percentile(p: number): number {
    const { slots, counts, count, max } = this.data
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

  encode(): string {
    return encodeHdr(this.data)
  }
}

function* usedSlots(dense: Float64Array): Generator<number> {
  for (let slot = 0; slot < dense.length; slot++) if (dense[slot] !== 0) yield slot
}
