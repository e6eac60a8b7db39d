import type { AuditResult, TaskContext } from '@cloudbench/core'
import { sharedLedger } from './ledger.ts'

/** Reports how many answers were compared with what was expected, and how many were wrong. */
export async function audit(context: TaskContext): Promise<readonly AuditResult[]> {
  const ledger = await sharedLedger(context)
  return [ledger.finding()]
}
