import { countArrivals, expectedArrivals } from '../load/schedule.ts'
import type { Load } from '../plugin/model.ts'
import type { PhaseTotals } from '../protocol/protocol.ts'

/** The number of a flow's first request after a phase: none is given twice in a run, and what was not sent keeps its own. */
export function nextIndex(first: number, load: Load, arrivalSalt: number, sent: readonly number[]): number {
  if (load.model === 'open') {
    // so many random ones cannot be counted; none has ever been so far from the mean
    const mean = expectedArrivals(load)
    return first + (countArrivals(load, arrivalSalt) ?? Math.ceil(mean + 10 * Math.sqrt(mean)))
  }
  const stride = Math.min(sent.length, load.connections)
  return sent.reduce((next, count, worker) => Math.max(next, first + worker + count * stride), first)
}

/** How many requests each worker has sent, of one flow. */
export function sentOf(totals: readonly (PhaseTotals | undefined)[], flow: number): number[] {
  return totals.map((worker) => worker?.flows[flow]?.sent ?? 0)
}
