import type { CheckResult } from '../plugin/model.ts'
import type { NumberVerdict, Verdict, VerdictCode } from '../plugin/verdict.ts'
import type { Alert } from './alert.ts'
import { holds, type Check } from './checks.ts'
import { isRefused, wasAllowed } from './validity.ts'

/** What makes latency a lower bound, and is the target's doing: overload, and requests that were never answered. */
const ofTarget: ReadonlySet<VerdictCode> = new Set(['LOWER_BOUND', 'TARGET_SATURATED'])
/** With one of these nothing is known of the target, in either direction. */
const ofOthers: ReadonlySet<VerdictCode> = new Set([
  'ACCOUNTING',
  'CLOSED_LOOP_GAP',
  'GENERATOR_BUSY',
  'GENERATOR_LAG',
  'GENERATOR_LIMITED',
  'NETWORK_LIMITED',
  'POOL_TOO_SMALL',
  'WORKER_LOST',
])

/**
 * A check with what is known of the number that it stands on. Where that must not be relied on, the check neither passed
 * nor failed, unless the target took at least so long that it breaks the check already.
 */
export function doubted(
  result: CheckResult,
  number: NumberVerdict | undefined,
  verdict: Verdict,
  meant: Pick<Check, 'conditions'> | Pick<Alert, 'condition'>,
): CheckResult {
  if (result.status === 'skipped' || number === undefined || number.validity === 'valid') return result
  const { validity } = number
  const known = { ...result, validity }
  const why = reasonOf(number, verdict)
  if (isRefused(validity, verdict))
    return isBrokenAbove(number, meant)
      ? known
      : { ...known, status: 'invalid', actual: `${result.actual}, ${validity}${why}` }
  if (wasAllowed({ verdict, checks: [known] }))
    return { ...known, actual: `${result.actual}, ${validity} but allowed${why}` }
  return known
}

/** Whether every value that is at least as large breaks it. */
function isBrokenAbove(
  { codes, isLowerBound, value }: NumberVerdict,
  meant: Pick<Check, 'conditions'> | Pick<Alert, 'condition'>,
): boolean {
  const isOfTarget = codes.some((code) => ofTarget.has(code))
  if (!isLowerBound || !isOfTarget || codes.some((code) => ofOthers.has(code))) return false
  if ('conditions' in meant)
    return meant.conditions.some(
      (condition) => condition.operator.startsWith('<') && !holds(condition, value),
    )
  const { condition } = meant
  return typeof condition !== 'string' && condition.operator.startsWith('>') && holds(condition, value)
}

/** The worst reason for how a number stands: `: the generator was late`. */
function reasonOf({ codes, flow, validity }: NumberVerdict, { reasons }: Verdict): string {
  const own = reasons.filter(
    (reason) =>
      codes.includes(reason.code) &&
      (flow === undefined || reason.flow === undefined || reason.flow === flow),
  )
  const reason = own.find((one) => one.validity === validity) ?? own[0]
  return reason === undefined ? '' : `: ${reason.text}`
}
