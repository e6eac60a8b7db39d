import type { Validity } from '../plugin/verdict.ts'

/** From best to worst. What is known to be doubtful is worse than what is not known. */
const order: readonly Validity[] = ['valid', 'unknown', 'suspect', 'invalid']

export function severityOf(validity: Validity): number {
  return order.indexOf(validity)
}

export function worstOf(validities: readonly Validity[]): Validity {
  return validities.reduce<Validity>(
    (worst, one) => (severityOf(one) > severityOf(worst) ? one : worst),
    'valid',
  )
}
