import type { AuditResult, TaskContext } from '@cloudbench/core'
import { sharedLedger } from './ledger.ts'

/** Closes the books over answers that were held against what was expected of them. */
export async function audit(context: TaskContext): Promise<readonly AuditResult[]> {
  const ledger = await sharedLedger(context)
  return ledger.findings()
}
