import type { OpenLoad } from '../plugin/model.ts'
import { uniform } from './random.ts'

/** Draws below this belong to the driver; arrivals have their own, so that neither disturbs the other. */
const arrivalDraw = 0x4000_0000

/** Anything this close to the end of the schedule, in arrivals, is a rounding error. */
const rounding = 1e-6

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
  readonly #total: number
  readonly #stride: number
  readonly #salt: number
  readonly #poisson: boolean
  #segment = 0
  #position: number

  constructor(load: OpenLoad, salt: number, { first, stride }: Slice = { first: 0, stride: 1 }) {
    this.#segments = segmentsOf(load)
    this.#total = countBy(this.#segments)
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

  /** Moves on to the next arrival of this slice. */
  advance(): void {
    if (this.#poisson)
      for (let arrival = this.index + 1; arrival <= this.index + this.#stride; arrival++)
        this.#position += this.#gap(arrival)
    else this.#position += this.#stride
    this.index += this.#stride
    this.#settle()
  }

  #gap(arrival: number): number {
    return -Math.log(1 - uniform(this.#salt, arrival, arrivalDraw))
  }

  #settle(): void {
    const segments = this.#segments
    const position = this.#position
    if (position >= this.#total - rounding) {
      this.dueMs = Infinity
      return
    }
    while (this.#segment + 1 < segments.length && position >= segments[this.#segment + 1]!.startCount)
      this.#segment++
    const { startMs, startCount, durationMs, fromPerSecond, toPerSecond } = segments[this.#segment]!
    const within = position - startCount
    if (within <= 0) this.dueMs = startMs
    else if (fromPerSecond === toPerSecond) this.dueMs = startMs + (within * 1000) / fromPerSecond
    else {
      // the root of a t² + b t = within that stays exact when the slope is small
      const perMs = fromPerSecond / 1000
      const slope = (toPerSecond - fromPerSecond) / (2000 * durationMs)
      const root = Math.sqrt(Math.max(0, perMs * perMs + 4 * slope * within))
      this.dueMs = startMs + Math.min(durationMs, (2 * within) / (perMs + root))
    }
  }
}

/** How many arrivals a slice has that come due before `untilMs`. */
export function countArrivals(load: OpenLoad, salt: number, slice: Slice, untilMs = Infinity): number {
  const schedule = new Schedule(load, salt, slice)
  let count = 0
  while (schedule.dueMs < untilMs) {
    count++
    schedule.advance()
  }
  return count
}

/** The mean number of arrivals of a whole load: the integral of its rate. */
export function expectedArrivals(load: OpenLoad): number {
  return countBy(segmentsOf(load))
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

function countBy(segments: readonly Segment[]): number {
  const last = segments.at(-1)
  if (!last) return 0
  return last.startCount + ((last.fromPerSecond + last.toPerSecond) * last.durationMs) / 2000
}
