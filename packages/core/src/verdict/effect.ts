import type { Selection } from '../checks/metric.ts'
import type { VerdictReason } from '../plugin/verdict.ts'
import type { Estimate } from './estimate.ts'
import type { Quantity } from './quantity.ts'

/** A number that is judged. */
export interface Figure {
  /** As people write it: `response.p99`. */
  readonly name: string
  readonly quantity: Quantity
  readonly value: number
  readonly selection: Selection
  readonly estimate: Estimate
  /** The flow that it is of, or that its operation belongs to; absent for the total. */
  readonly flow?: string
}

/** What something does to a number. */
export interface Effect {
  readonly validity: 'suspect' | 'invalid'
  /** Why; several numbers may have the same one. Its validity is that of its worst number. */
  readonly reason: VerdictReason
  /** The number is at least this. */
  readonly isLowerBound?: boolean
}

/** Something that may have an effect on numbers. */
export interface Cause {
  on(figure: Figure): Effect | undefined
  /** Also without any number: the measurement as a whole. */
  readonly whole?: VerdictReason
}
