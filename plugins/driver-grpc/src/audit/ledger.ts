import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'

/** Counts answers that were compared with what was expected, for all connections of a flow in a worker. */
export interface Ledger extends Shareable {
  right(): void
  wrong(example: string): void
  findings(): readonly AuditResult[]
}

export function sharedLedger({ share, flow }: Pick<TaskContext, 'share' | 'flow'>): Promise<Ledger> {
  return share(`grpc answers of ${flow}`, createLedger)
}

export function createLedger(): Ledger {
  let examined = 0
  let violations = 0
  let message: string | undefined
  return {
    right() {
      examined++
    },
    wrong(example) {
      examined++
      violations++
      message ??= example
    },
    findings() {
      const name = 'answers are as expected'
      if (examined === 0) return [{ name, status: 'skipped', examined, violations }]
      return violations > 0 && message !== undefined
        ? [{ name, status: 'failed', examined, violations, message }]
        : [{ name, status: 'passed', examined, violations }]
    },
    close() {},
  }
}
