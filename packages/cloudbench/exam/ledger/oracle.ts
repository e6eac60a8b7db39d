import { saltOf, uniform } from '@cloudbench/core/program'
import { awakeAt, type Ledger, type Service } from './ledger.ts'

/** When the arrivals of a phase come due, in milliseconds since it began. */
export type Arrivals = (number: number) => number

export function constantArrivals(perSecond: number): Arrivals {
  return (number) => (number * 1000) / perSecond
}

/** Draws from here on are those of arrivals. */
const arrivalDraw = 0x4000_0000

/** The sum of exponential gaps, each drawn by seed, phase, flow and number. */
export function poissonArrivals(perSecond: number, seed: number, phase: number): Arrivals {
  const salt = saltOf(seed, phase, 'main')
  const dues: number[] = []
  return (number) => {
    while (dues.length <= number)
      dues.push(
        (dues.at(-1) ?? 0) - (1000 / perSecond) * Math.log(1 - uniform(salt, dues.length, arrivalDraw)),
      )
    return dues[number]!
  }
}

/**
 * The response times in milliseconds that follow from when requests came due and what each of them takes: in a queue
 * W_{i+1} = max(0, W_i + S_i − A_i), with stalls added. How late the generator was is no part of it, so that its lateness cannot
 * excuse what it reports.
 *
 * When the phase began on the server's clock is taken from the request that came the soonest after it was due.
 *
 * @param first The number of the first request of the phase.
 */
export function responsesOf(
  { entries, startMs }: Ledger,
  { hasQueue, stalls }: Pick<Service, 'hasQueue' | 'stalls'>,
  arrivals: Arrivals,
  first: number,
): number[] {
  const own = entries.filter(({ index }) => index >= first).toSorted((a, b) => a.index - b.index)
  const beganMs = own.reduce(
    (least, { index, atMs }) => Math.min(least, atMs - arrivals(index - first)),
    Infinity,
  )
  let freeMs = 0
  return own.map(({ index, serviceMs, plannedMs }) => {
    const dueMs = beganMs + arrivals(index - first)
    if (plannedMs === null) return Infinity
    const doneMs = awakeAt(hasQueue ? Math.max(freeMs, dueMs) : dueMs, startMs, stalls) + serviceMs
    if (hasQueue) freeMs = doneMs
    return doneMs - dueMs
  })
}

/** How late the server answered, after its plan: the p99 from the request `first` on. */
export function serverLatenessMs({ entries }: Ledger, first: number): number {
  const late = entries.flatMap(({ index, plannedMs, repliedMs }) =>
    index < first || plannedMs === null || repliedMs === null ? [] : [repliedMs - plannedMs],
  )
  return quantileOf(late, 99)
}

/** How late requests came, beyond the one that came the soonest after it was due: the p50. */
export function arrivalLatenessMs({ entries }: Ledger, arrivals: Arrivals, first: number): number {
  const late = entries.flatMap(({ index, atMs }) => (index < first ? [] : [atMs - arrivals(index - first)]))
  return quantileOf(late, 50) - Math.min(...late)
}

/** The value at rank ⌈p/100 · n⌉. */
export function quantileOf(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil((p / 100) * sorted.length - 1e-6)) - 1] ?? Number.NaN
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
