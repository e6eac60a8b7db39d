import type { EndReason } from '../plugin/model.ts'

/** What the process ends with. 4 (inconclusive) belongs to comparisons. */
const codes: Readonly<Record<EndReason, number>> = {
  passed: 0,
  failed: 1,
  invalid: 3,
  errored: 2,
  interrupted: 130,
}

/** From best to worst: a run ends as its worst scenario did. */
const severity: readonly EndReason[] = ['passed', 'failed', 'invalid', 'errored', 'interrupted']

export function exitCodeOf(reason: EndReason): number {
  return codes[reason]
}

export function worstOf(reasons: readonly EndReason[]): EndReason {
  return severity[Math.max(0, ...reasons.map((reason) => severity.indexOf(reason)))]!
}
