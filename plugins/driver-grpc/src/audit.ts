import type { AuditResult, TaskContext } from '@cloudbench/core'
import { ledgerOf } from './ledger.ts'

/** Closes the books over answers that were held against what was expected of them. */
export function audit(context: TaskContext): readonly AuditResult[] {
  return ledgerOf(context).findings()
}
