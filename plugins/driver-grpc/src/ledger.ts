import type { AuditResult, TaskContext } from '@cloudbench/core'

/** The books over answers that were held against what was expected, for all connections of a flow in a worker. */
export interface Ledger {
  right(): void
  wrong(example: string): void
  findings(): readonly AuditResult[]
}

/** By what ends with the run: what is shared by connections goes with the last one, and a server may end them all. */
const books = new WeakMap<AbortSignal, Map<string, Ledger>>()

export function ledgerOf({ signal, flow }: Pick<TaskContext, 'signal' | 'flow'>): Ledger {
  const ofRun = books.get(signal) ?? new Map<string, Ledger>()
  books.set(signal, ofRun)
  const ledger = ofRun.get(flow) ?? createLedger()
  ofRun.set(flow, ledger)
  return ledger
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
      const name = 'answers are what was expected'
      if (examined === 0) return [{ name, status: 'skipped', examined, violations }]
      return violations > 0 && message !== undefined
        ? [{ name, status: 'failed', examined, violations, message }]
        : [{ name, status: 'passed', examined, violations }]
    },
  }
}
