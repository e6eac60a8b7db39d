import type { DriverContext, Outcome } from '@cloudbench/core'

/** How requests can end. */
export interface Outcomes {
  /** By SQLSTATE, such as `40001` or `23505`. */
  refused(operation: Operation, sqlState: string): Outcome
  /** The transaction conflicted; it is retried without being measured again. */
  retried(sqlState: string): Outcome
  readonly row: Outcome
  readonly noRow: Outcome
  readonly wrongRow: Outcome
  readonly inserted: Outcome
  readonly otherCount: Outcome
  readonly committed: Outcome
  readonly noRowUpdated: Outcome
}

type Operation = 'select' | 'insert' | 'transaction'

export function createOutcomes(outcome: DriverContext['outcome'], isPreloaded: boolean): Outcomes {
  return {
    row: outcome('row', { operation: 'select' }),
    noRow: outcome('no row', { operation: 'select', ok: !isPreloaded }),
    wrongRow: outcome('wrong row', { operation: 'select', ok: false }),
    inserted: outcome('inserted', { operation: 'insert' }),
    otherCount: outcome('other count', { operation: 'insert', ok: false }),
    committed: outcome('committed', { operation: 'transaction' }),
    noRowUpdated: outcome('no row', { operation: 'transaction', ok: false }),
    refused: (operation, sqlState) => outcome(sqlState, { operation, ok: false }),
    retried: (sqlState) => outcome(`${sqlState} retried`, { operation: 'transaction', ok: false }),
  }
}
