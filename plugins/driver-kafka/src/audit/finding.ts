import type { AuditResult } from '@cloudbench/core'

/** A finding fails with its first violation, and is skipped when nothing was examined. */
export function finding(
  name: string,
  examined: number,
  violations: number,
  message: string | undefined,
): AuditResult {
  const status = violations > 0 ? 'failed' : examined > 0 ? 'passed' : 'skipped'
  return { name, status, examined, violations, ...(message !== undefined && { message }) }
}
