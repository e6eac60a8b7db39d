import type { Slot } from '@cloudbench/core'
import type { Ledger } from '../audit/ledger.ts'
import { withoutRows, type Exchange, type Receiver, type Refusal } from '../lanes/lane.ts'
import type { MixedOptions } from '../options.ts'
import { conflictStates, type Retries } from './retries.ts'
import type { Sender, Session, Terms } from './session.ts'
import { checkTable, prepareStatement, tablesOf } from './tables.ts'
import { createTransactionCalls } from './transaction-calls.ts'

const largestDelta = 1_000

/** SQL that prepares a session for transactions. */
export function transactionSetUp(
  { schema, isolation, verify }: MixedOptions,
  { pooler, isPrepared }: Terms,
): string {
  const tables = tablesOf(schema)
  return [
    pooler === 'none' ? `SET default_transaction_isolation = '${isolation}';` : '',
    ...(isPrepared
      ? [
          prepareStatement(tables.update),
          // without `verify`, the reads have prepared it
          verify ? prepareStatement(tables.selectVersion) : '',
          prepareStatement(tables.insertHistory),
        ]
      : [checkTable(tables.history)]),
  ].join('')
}

/**
 * The transaction of pgbench -N: adds to a row, reads it, and records what was added. Step by step, every statement
 * waits for the one before; at once, all of them are sent together, as one implicit transaction.
 */
export function createTransactions(
  session: Session,
  options: MixedOptions,
  ledger: Ledger,
  retries: Retries | undefined,
): Sender {
  const pool: Pool = { session, options, ledger, retries, free: [] }
  const { free } = pool
  return {
    issue(slot) {
      const transaction = free.pop() ?? createTransaction(pool)
      transaction.start(slot)
    },
  }
}

/** What the transactions of a connection share. */
interface Pool {
  readonly session: Session
  readonly options: MixedOptions
  readonly ledger: Ledger
  readonly retries: Retries | undefined
  readonly free: Transaction[]
}

/** One transaction, reused from request to request. */
interface Transaction {
  start(slot: Slot): void
}

// one closure over the state of the request, so that a request allocates nothing
// oxlint-disable-next-line max-lines-per-function -- one closure, so that a request allocates nothing
function createTransaction(pool: Pool): Transaction {
  const { session, options, ledger, retries, free } = pool
  const { outcomes, lane } = session
  const { rows, updates } = options
  const isStepwise = options.transaction === 'step by step'
  let sequence = 0
  let slot: Slot | undefined
  let step = 0
  let refusal: Refusal | undefined
  let isRowMissing = false

  const finish = (): Slot => {
    const finished = slot!
    slot = undefined
    session.inFlight--
    free.push(transaction)
    return finished
  }

  const refuse = (given: Refusal): void => {
    if (retries !== undefined && conflictStates.has(given.code)) {
      retries.add({ sequence, items: [...items], deltas: [...deltas] })
      finish().done(outcomes.retried(given))
      return
    }
    ledger.refused(sequence)
    finish().done(outcomes.refused('transaction', given))
  }

  const receiver: Receiver = {
    ...withoutRows,
    complete(count) {
      // nothing to update, and so nothing to read
      if (count === 0) isRowMissing = true
    },
    refused(given) {
      // a failed COMMIT, or statements sent at once, leave no transaction to roll back
      if (!isStepwise || step === steps.length - 1 || refusal !== undefined) {
        refuse(refusal ?? given)
        return
      }
      refusal = given
      undo.send(slot!.index)
    },
    ready() {
      if (refusal !== undefined) refuse(refusal)
      else if (step < steps.length - 1) steps[++step]!.send(slot!.index)
      else {
        ledger.acknowledged(sequence)
        finish().done(isRowMissing ? outcomes.noRowUpdated : outcomes.committed)
      }
    },
    lost(error) {
      if (slot !== undefined) finish().fail(session.lost(error))
    },
  }

  const calls = createTransactionCalls(options, lane, receiver, ledger.writer)
  const { groups, items, deltas } = calls
  const undo = lane.sql('ROLLBACK', receiver)
  // a pooler would keep a default of the session
  const begin = session.pooler === 'none' ? 'BEGIN' : `BEGIN ISOLATION LEVEL ${options.isolation}`
  const steps: readonly Exchange[] = isStepwise
    ? [lane.sql(begin, receiver), ...groups, lane.sql('COMMIT', receiver)]
    : groups

  const transaction: Transaction = {
    start(given) {
      slot = given
      sequence = ledger.begin()
      step = 0
      refusal = undefined
      isRowMissing = false
      for (let at = 0; at < updates; at++) {
        items[at] = 1 + Math.floor(given.random() * rows)
        deltas[at] = 1 + Math.floor(given.random() * largestDelta)
      }
      calls.fill(sequence)
      session.inFlight++
      steps[0]!.send(given.index)
    },
  }
  return transaction
}
