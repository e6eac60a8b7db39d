import { rangeNs, slotCount, slotOf } from './layout.ts'

/** The used slots of a histogram, as sent between processes. */
export interface HistogramData {
  /** Ascending. */
  readonly slots: Uint16Array
  /** How many values fell into the slot at the same index of `slots`. */
  readonly counts: Float64Array
  readonly count: number
  readonly min: number
  readonly max: number
  readonly sum: number
  readonly overflow: number
}

/** Counts durations in a load worker. Recording allocates nothing. */
export class HistogramRecorder {
  readonly #counts: Uint32Array = new Uint32Array(slotCount)
  #count = 0
  #overflow = 0
  #min = Infinity
  #max = 0
  #sum = 0
  #highest = 0

  /** Records one duration in nanoseconds. A negative one, which only rounding can make, counts as 0. */
  record(valueNs: number): void {
    const value = valueNs > 0 ? valueNs : 0
    this.#count++
    this.#sum += value
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
    if (value >= rangeNs) {
      this.#overflow++
      return
    }
    const slot = slotOf(value)
    if (slot > this.#highest) this.#highest = slot
    this.#counts[slot]!++
  }

  get count(): number {
    return this.#count
  }

  /** Takes what was recorded since the last call. */
  drain(): HistogramData {
    const counts = this.#counts
    let used = 0
    for (let slot = 0; slot <= this.#highest; slot++) if (counts[slot] !== 0) used++
    const slots = new Uint16Array(used)
    const values = new Float64Array(used)
    for (let slot = 0, at = 0; at < used; slot++) {
      const count = counts[slot]!
      if (count === 0) continue
      slots[at] = slot
      values[at++] = count
      counts[slot] = 0
    }
    const data: HistogramData = {
      slots,
      counts: values,
      count: this.#count,
      min: this.#count === 0 ? 0 : this.#min,
      max: this.#max,
      sum: this.#sum,
      overflow: this.#overflow,
    }
    this.#count = this.#overflow = this.#max = this.#sum = this.#highest = 0
    this.#min = Infinity
    return data
  }
}
