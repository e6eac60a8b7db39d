import type { AuditResult } from '@cloudbench/core'

/**
 * What an audit found: failed with the first violation, skipped when there was nothing to examine.
 * @param message What the violations are, told only if there are any.
 * @param note Told otherwise.
 */
export function finding(
  name: string,
  examined: number,
  violations: number,
  message: string | undefined,
  note?: string,
): AuditResult {
  const status = violations > 0 ? 'failed' : examined > 0 ? 'passed' : 'skipped'
  const told = violations > 0 ? message : note
  return { name, status, examined, violations, ...(told !== undefined && { message: told }) }
}
