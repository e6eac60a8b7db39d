import type { ScenarioResult } from '../plugin/model.ts'
import type { Limit, NumberVerdict, SignalVerdict, Validity, Verdict } from '../plugin/verdict.ts'

/** Whether something of this validity makes a run invalid, as was asked for. */
export function isRefused(
  validity: Validity,
  { required, isInvalidAllowed }: Pick<Verdict, 'required' | 'isInvalidAllowed'>,
): boolean {
  return !isInvalidAllowed && isDoubted(validity, required)
}

/** Whether something passed that would have made the run invalid, had that not been allowed. */
export function wasAllowed({ verdict, checks }: Pick<ScenarioResult, 'verdict' | 'checks'>): boolean {
  if (!verdict?.isInvalidAllowed) return false
  return [verdict, ...checks].some(({ validity = 'valid' }) => isDoubted(validity, verdict.required))
}

function isDoubted(validity: Validity, required: Verdict['required']): boolean {
  return validity === 'invalid' || (required === 'valid' && validity !== 'valid')
}

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

/** How a value stands with its thresholds. */
export function validityOf(
  value: number,
  { suspectAbove, invalidAbove }: Pick<SignalVerdict, 'suspectAbove' | 'invalidAbove'>,
): Validity {
  // a threshold of its own may be the stricter one
  if (invalidAbove !== null && value > invalidAbove) return 'invalid'
  return suspectAbove !== null && value > suspectAbove ? 'suspect' : 'valid'
}

/** Of several flows or runs, what makes the others doubtful too. */
export function worstLimit(limits: readonly Limit[]): Limit | undefined {
  const worstFirst: readonly Limit[] = ['generator', 'network', 'target', 'pool or target', 'pool']
  return worstFirst.find((limit) => limits.includes(limit))
}

/** Numbers that the verdict of the whole stands on: rate, and latency up to p99, of all flows together and of each. */
export function isCounted({ operation, metric }: NumberVerdict): boolean {
  return operation === undefined && /^(rate|(response|service)\.p(50|90|95|99))$/.test(metric)
}
