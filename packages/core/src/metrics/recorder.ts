import { rangeNs, slotCount, slotOf } from './layout.ts'

/** The used slots of a histogram, as sent between processes. */
export interface HistogramData {
  /** Ascending. */
  readonly slots: Uint16Array
  /** How many values fell into the slot at the same index of `slots`. */
  readonly counts: Float64Array
  /**
   * Least, greatest and sum, at `extentAt`. Not fields: V8 13.6 keeps those in boxes, which in one of 1000 isolates two objects made
   * one after the other shared, so that the first had the sum of the second. Elements have no boxes.
   */
  readonly extent: Float64Array
  readonly count: number
  readonly overflow: number
}

export const extentAt = { min: 0, max: 1, sum: 2 } as const

/** Of a recorder before anything was recorded. */
const nothing = [Infinity, 0, 0]
const { min, max, sum } = extentAt

export function extentOf(exact: Readonly<Record<keyof typeof extentAt, number>>): Float64Array {
  return Float64Array.of(exact.min, exact.max, exact.sum)
}

/** Counts durations in a load worker. Recording allocates nothing. */
export class HistogramRecorder {
  readonly #counts: Uint32Array = new Uint32Array(slotCount)
  /** What was recorded many at a time, which may be more than 32 bits hold. */
  #many: Float64Array | undefined
  #count = 0
  #overflow = 0
  readonly #extent: Float64Array = new Float64Array(nothing)
  #highest = 0

  /** Records one duration in nanoseconds. A negative one, which only rounding can make, counts as 0. */
  record(valueNs: number): void {
    const value = valueNs > 0 ? valueNs : 0
    this.#count++
    const extent = this.#extent
    extent[sum]! += value
    if (value < extent[min]!) extent[min] = value
    if (value > extent[max]!) extent[max] = value
    if (value >= rangeNs) {
      this.#overflow++
      return
    }
    const slot = slotOf(value)
    if (slot > this.#highest) this.#highest = slot
    this.#counts[slot]!++
  }

  /**
   * Records any number of durations, given by their place in the order of their size, either way. The time it takes
   * depends on how many slots they fall into, not on how many they are.
   */
  recordMany(count: number, valueNsAt: (at: number) => number): void {
    const slotAt = (at: number): number => {
      const value = Math.max(0, valueNsAt(at))
      return value < rangeNs ? slotOf(value) : slotCount
    }
    for (let from = 0; from < count;) {
      const slot = slotAt(from)
      let last = from
      let step = 1
      for (; last + step < count && slotAt(last + step) === slot; step *= 2) last += step
      for (let end = Math.min(last + step, count); end - last > 1;) {
        const middle = Math.floor((last + end) / 2)
        if (slotAt(middle) === slot) last = middle
        else end = middle
      }
      this.#add(slot, last - from + 1, Math.max(0, valueNsAt(from)), Math.max(0, valueNsAt(last)))
      from = last + 1
    }
  }

  /** Values of one slot: it is so narrow that they lie on a straight line. */
  #add(slot: number, count: number, firstNs: number, lastNs: number): void {
    this.#count += count
    const extent = this.#extent
    extent[sum]! += (count * (firstNs + lastNs)) / 2
    extent[min] = Math.min(extent[min]!, firstNs, lastNs)
    extent[max] = Math.max(extent[max]!, firstNs, lastNs)
    if (slot === slotCount) {
      this.#overflow += count
      return
    }
    this.#highest = Math.max(this.#highest, slot)
    this.#many ??= new Float64Array(slotCount)
    this.#many[slot]! += count
  }

  get count(): number {
    return this.#count
  }

  /** Takes what was recorded since the last call. */
  drain(): HistogramData {
    const counts = this.#counts
    const many = this.#many
    let used = 0
    for (let slot = 0; slot <= this.#highest; slot++) if (counts[slot] !== 0 || many?.[slot]) used++
    const slots = new Uint16Array(used)
    const values = new Float64Array(used)
    for (let slot = 0, at = 0; at < used; slot++) {
      const count = counts[slot]! + (many?.[slot] ?? 0)
      if (count === 0) continue
      slots[at] = slot
      values[at++] = count
      counts[slot] = 0
    }
    this.#many = undefined
    const extent = this.#extent.slice()
    if (this.#count === 0) extent[min] = 0
    const data: HistogramData = {
      slots,
      counts: values,
      extent,
      count: this.#count,
      overflow: this.#overflow,
    }
    this.#count = this.#overflow = this.#highest = 0
    this.#extent.set(nothing)
    return data
  }
}
