import type { DriverContext, Outcome } from '@cloudbench/core'
import { poolerStates } from './error-replies.ts'
import type { Refusal } from './lanes/lane.ts'

/** How requests can end. */
export interface Outcomes {
  /** By SQLSTATE, such as `40001` or `23505`. */
  refused(operation: Operation, refusal: Refusal): Outcome
  /** The transaction conflicted; it is retried without being measured again. */
  retried(refusal: Refusal): Outcome
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
    refused: (operation, refusal) => told(outcome(refusal.code, { operation, ok: false }), refusal),
    retried: (refusal) =>
      told(outcome(`${refusal.code} retried`, { operation: 'transaction', ok: false }), refusal),
  }
}

/** Without the detail, which holds data of the row. */
function told(outcome: Outcome, { code, message }: Refusal): Outcome {
  if (outcome.example === undefined) outcome.example = `${message} (${code})${hintOf(code)}`.slice(0, 300)
  return outcome
}

function hintOf(code: string): string {
  return poolerStates.has(code) ? '; for a transaction pooler, set the option pooler to transaction' : ''
}
