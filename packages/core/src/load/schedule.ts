import type { OpenLoad } from '../plugin/model.ts'
import { uniform } from './random.ts'

/** Draws below this belong to the driver; arrivals have their own, so that neither disturbs the other. */
const arrivalDraw = 0x4000_0000

/** Anything this close to the end of the schedule, in arrivals, is a rounding error. */
const rounding = 1e-6
/** The same where arrivals are so many that fractions of one are lost: a share of them. */
const roundingShare = 1e-14

/** Adding up random gaps takes time. More of them at once than this are taken to last as long as they do on average. */
const mostGaps = 1_000_000

interface Segment {
  readonly startMs: number
  /** Arrivals before this segment: the integral of the rate. */
  readonly startCount: number
  readonly durationMs: number
  readonly fromPerSecond: number
  readonly toPerSecond: number
}

/** Which arrivals a worker is responsible for: every `stride`-th, beginning with `first`. */
export interface Slice {
  readonly first: number
  readonly stride: number
}

/** Arrivals that are left of a slice. */
export interface Rest {
  readonly count: number
  /** When each of them comes due, in milliseconds since the phase began. */
  readonly dueMs: (at: number) => number
}

/**
 * The due times of an open load, by arrival number.
 *
 * Arrival i comes due where the integral of the rate reaches x(i): i itself for constant arrivals, the sum of i + 1
 * exponential draws for Poisson ones. It depends on nothing that happens during the run, so it is never re-anchored,
 * and N slices of it together are the whole.
 */
export class Schedule {
  /** Arrival number of the next arrival. */
  index: number
  /** When it comes due, in milliseconds since the phase began; Infinity when there are no more. */
  dueMs = Infinity

  readonly #segments: readonly Segment[]
  readonly #stride: number
  readonly #salt: number
  readonly #poisson: boolean
  /** What has this position or a later one does not come due. */
  #limit: number
  #segment = 0
  #position: number

  constructor(load: OpenLoad, salt: number, { first, stride }: Slice = { first: 0, stride: 1 }) {
    this.#segments = segmentsOf(load)
    this.#limit = limitOf(this.#segments, Infinity)
    this.#poisson = load.arrivals === 'poisson'
    this.#salt = salt
    this.#stride = stride
    this.index = first
    this.#position = first
    if (this.#poisson) {
      this.#position = 0
      for (let arrival = 0; arrival <= first; arrival++) this.#position += this.#gap(arrival)
    }
    this.#settle()
  }

  /** Leaves out what comes due at that time or later. */
  endAt(untilMs: number): void {
    this.#limit = Math.min(this.#limit, limitOf(this.#segments, untilMs))
    this.#settle()
  }

  /** Moves on to the next arrival of this slice. */
  advance(): void {
    if (this.#poisson) this.#addGaps(this.#stride)
    else this.#position += this.#stride
    this.index += this.#stride
    this.#settle()
  }

  /** Moves on by many arrivals, however many they are. */
  skip(count: number): void {
    const arrivals = count * this.#stride
    if (this.#poisson && arrivals <= mostGaps) this.#addGaps(arrivals)
    else this.#position += arrivals
    this.index += arrivals
    this.#settle()
  }

  /** Moves on to the end. What it does is bounded, however many arrivals are left. */
  takeRest(): Rest {
    const rest = this.#rest()
    this.index += rest.count * this.#stride
    this.#position = Infinity
    this.dueMs = Infinity
    return rest
  }

  #rest(): Rest {
    const from = this.#position
    const left = this.#limit - from
    if (!(left > 0)) return { count: 0, dueMs: () => Infinity }
    if (this.#poisson && left <= mostGaps) {
      const positions: number[] = []
      for (let index = this.index; this.#position < this.#limit; index += this.#stride) {
        positions.push(this.#position)
        this.#addGaps(this.#stride, index)
      }
      return { count: positions.length, dueMs: (at) => this.#dueMs(positions[at]!) }
    }
    const count = this.#poisson
      ? Math.max(1, Math.round(left / this.#stride))
      : Math.floor((Math.ceil(this.#limit) - 1 - from) / this.#stride) + 1
    return { count, dueMs: (at) => this.#dueMs(from + at * this.#stride) }
  }

  #gap(arrival: number): number {
    return -Math.log(1 - uniform(this.#salt, arrival, arrivalDraw))
  }

  /** The gaps that follow an arrival, one after the other, so that every slice gets the same sum. */
  #addGaps(count: number, index = this.index): void {
    for (let arrival = index + 1; arrival <= index + count; arrival++) this.#position += this.#gap(arrival)
  }

  #settle(): void {
    if (this.#position >= this.#limit) {
      this.dueMs = Infinity
      return
    }
    const segments = this.#segments
    while (this.#segment + 1 < segments.length && this.#position >= segments[this.#segment + 1]!.startCount)
      this.#segment++
    this.dueMs = dueIn(segments[this.#segment]!, this.#position)
  }

  #dueMs(position: number): number {
    const segments = this.#segments
    let segment = this.#segment
    while (segment + 1 < segments.length && position >= segments[segment + 1]!.startCount) segment++
    return dueIn(segments[segment]!, position)
  }
}

function dueIn(segment: Segment, position: number): number {
  const { startMs, startCount, durationMs, fromPerSecond, toPerSecond } = segment
  const within = position - startCount
  if (within <= 0) return startMs
  if (fromPerSecond === toPerSecond) return startMs + (within * 1000) / fromPerSecond
  // the root of a t² + b t = within that stays exact when the slope is small
  const perMs = fromPerSecond / 1000
  const slope = (toPerSecond - fromPerSecond) / (2000 * durationMs)
  const root = Math.sqrt(Math.max(0, perMs * perMs + 4 * slope * within))
  return startMs + Math.min(durationMs, (2 * within) / (perMs + root))
}

/** How many arrivals a load has in all; undefined for so many random ones that counting them takes too long. */
export function countArrivals(load: OpenLoad, salt: number): number | undefined {
  if (load.arrivals === 'poisson' && expectedArrivals(load) > mostGaps) return undefined
  return new Schedule(load, salt).takeRest().count
}

/** The mean number of arrivals of a whole load: the integral of its rate. */
export function expectedArrivals(load: OpenLoad): number {
  return countBy(segmentsOf(load), Infinity)
}

/** The position that the schedule reaches at a time, less what may be a rounding error. */
function limitOf(segments: readonly Segment[], untilMs: number): number {
  const count = countBy(segments, untilMs)
  return count - Math.max(rounding, count * roundingShare)
}

function segmentsOf({ stages }: OpenLoad): Segment[] {
  let startMs = 0
  let startCount = 0
  const segments: Segment[] = []
  for (const { durationMs, fromPerSecond, toPerSecond } of stages) {
    const count = ((fromPerSecond + toPerSecond) * durationMs) / 2000
    // a stage of duration 0 is a step, and one at rate 0 a pause: neither has arrivals
    if (count > 0) segments.push({ startMs, startCount, durationMs, fromPerSecond, toPerSecond })
    startMs += durationMs
    startCount += count
  }
  return segments
}

/** The integral of the rate from the beginning until a time. */
function countBy(segments: readonly Segment[], untilMs: number): number {
  const last = segments.findLast(({ startMs }) => startMs < untilMs)
  if (!last) return 0
  const { startMs, startCount, durationMs, fromPerSecond, toPerSecond } = last
  const withinMs = Math.min(durationMs, untilMs - startMs)
  const atEnd = fromPerSecond + ((toPerSecond - fromPerSecond) * withinMs) / durationMs
  return startCount + ((fromPerSecond + atEnd) * withinMs) / 2000
}
