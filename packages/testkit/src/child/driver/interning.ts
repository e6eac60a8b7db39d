import type { DriverContext, Outcome } from '@cloudbench/core'
import { fault } from '../../fault.ts'

/** Outcomes as a worker hands them out, and how often it was asked. */
export interface Interning {
  readonly outcome: DriverContext['outcome']
  readonly outcomes: ReadonlySet<Outcome>
  readonly calls: () => number
}

/** @param workload The operation of outcomes that name none. */
export function createInterning(workload: string): Interning {
  const byKey = new Map<string, Outcome>()
  const outcomes = new Set<Outcome>()
  let calls = 0
  return {
    outcomes,
    calls: () => calls,
    outcome(name, { operation = workload, ok = true } = {}) {
      calls++
      const key = `${operation}\n${name}`
      const known = byKey.get(key)
      if (known && known.ok !== ok)
        throw fault({
          what: `outcome "${name}" of "${operation}" was declared with ok: ${known.ok} and again with ok: ${ok}`,
          expected: 'one meaning for one name',
          next: 'give the two kinds of answer two names',
        })
      const outcome = known ?? Object.freeze({ name, ok, operation })
      byKey.set(key, outcome)
      outcomes.add(outcome)
      return outcome
    },
  }
}
