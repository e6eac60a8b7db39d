import type { EndReason } from '../plugin/model.ts'

/** What the process ends with. 3 (invalid) and 4 (inconclusive) belong to verdicts and comparisons. */
const codes: Readonly<Record<EndReason, number>> = { passed: 0, failed: 1, errored: 2, interrupted: 130 }

/** From best to worst: a run ends as its worst scenario did. */
const severity: readonly EndReason[] = ['passed', 'failed', 'errored', 'interrupted']

export function exitCodeOf(reason: EndReason): number {
  return codes[reason]
}

export function worstOf(reasons: readonly EndReason[]): EndReason {
  return severity[Math.max(0, ...reasons.map((reason) => severity.indexOf(reason)))]!
}
