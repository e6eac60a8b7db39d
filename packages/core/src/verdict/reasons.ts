import { isCounted, severityOf } from '../checks/validity.ts'
import type { VerdictCode, VerdictReason } from '../plugin/verdict.ts'
import type { JudgedNumber } from './numbers.ts'

/** A reason, and how much depends on it. */
interface Weighed {
  readonly reason: VerdictReason
  /** The whole, numbers that it stands on, or others: 2, 1, 0. */
  readonly weight: number
}

/**
 * The reasons of a verdict, worst first: one for each code and flow, the worst that there is. What only concerns numbers beyond
 * p99 or single operations comes last, whatever it makes of them.
 */
export function reasonsOf(
  whole: readonly VerdictReason[],
  numbers: readonly JudgedNumber[],
  flows: number,
): VerdictReason[] {
  const all: Weighed[] = [
    ...whole.map((reason) => ({ reason, weight: 2 })),
    ...numbers.flatMap(({ number, effects }) =>
      effects.map(({ reason, validity }) => ({
        reason: { ...reason, validity },
        weight: isCounted(number) ? 1 : 0,
      })),
    ),
  ]
  const named = all.map(({ reason, weight }) => {
    if (flows > 1) return { reason, weight }
    const { flow: _, ...rest } = reason
    return { reason: rest, weight }
  })
  const worst = new Map<string, Weighed>()
  for (const one of named) {
    const key = keyOf(one.reason)
    const known = worst.get(key)
    if (known === undefined || compare(one, known) < 0) worst.set(key, one)
  }
  const flowed = new Set<VerdictCode>(
    [...worst.values()].filter(({ reason }) => reason.flow !== undefined).map(({ reason }) => reason.code),
  )
  return [...worst.values()]
    .filter(
      // the total has what its flows have
      ({ reason, weight }) => weight === 2 || reason.flow !== undefined || !flowed.has(reason.code),
    )
    .toSorted(compare)
    .map(({ reason }) => reason)
}

function keyOf({ code, flow }: VerdictReason): string {
  return JSON.stringify([code, flow])
}

/** Negative where the first one is worse. */
function compare(a: Weighed, b: Weighed): number {
  return (
    Math.min(1, b.weight) - Math.min(1, a.weight) ||
    severityOf(b.reason.validity) - severityOf(a.reason.validity) ||
    b.weight - a.weight ||
    excessOf(b.reason) - excessOf(a.reason)
  )
}

/** By how much it is beyond its threshold; a threshold of 0 is beyond comparison, and what is no number has none. */
function excessOf({ observed, threshold }: VerdictReason): number {
  if (observed === undefined || threshold === undefined) return 1
  return threshold > 0 ? Math.min(observed / threshold, 1e6) : 1
}
