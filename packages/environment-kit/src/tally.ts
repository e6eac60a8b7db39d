import type { Counts } from './counts.ts'

/**
 * Adds up counts whose parts come and go, such as those of CPUs and network interfaces: one that vanishes takes nothing away, one
 * that falls was reset, and one that turns up later brings nothing along. The sum never falls, which would look like a reset of
 * all of them.
 */
export function createTally(): (parts: Counts) => number {
  const last = new Map<string, number>()
  let total: number | undefined
  return (parts) => {
    let growth = 0
    for (const [name, count] of parts) {
      const before = last.get(name) ?? (total === undefined ? 0 : count)
      growth += count < before ? count : count - before
      last.set(name, count)
    }
    total = (total ?? 0) + growth
    return total
  }
}
