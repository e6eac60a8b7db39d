import type { Slot } from '@cloudbench/core'
import { serialize } from 'pg-protocol'
import type { Ledger } from '../audit/ledger.ts'
import type { Pooler } from '../client/pooler.ts'
import type { MixedOptions } from '../options.ts'
import { Exchange, type Receiver, type Refusal } from './exchange.ts'
import { conflictStates, type Retries } from './retries.ts'
import type { Sender, Session } from './session.ts'
import { checkTable, prepareStatement, statementNames, tablesOf } from './tables.ts'
import { createTransactionCalls } from './transaction-calls.ts'

const largestDelta = 1_000

const commit = serialize.query('COMMIT')
const rollback = serialize.query('ROLLBACK')

/** SQL that prepares a session for transactions. */
export function transactionSetUp({ schema, isolation, verify }: MixedOptions, pooler: Pooler): string {
  const tables = tablesOf(schema)
  if (pooler !== 'none') return checkTable(tables.history)
  return [
    `SET default_transaction_isolation = '${isolation}';`,
    prepareStatement(statementNames.update, 2, tables.update),
    // without `verify`, the reads have prepared it
    verify ? prepareStatement(statementNames.selectVersion, 1, tables.selectVersion) : '',
    prepareStatement(statementNames.insertHistory, 4, tables.insertHistory),
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
  const { outcomes } = session
  const { rows, updates } = options
  const isStepwise = options.transaction === 'step by step'
  const calls = createTransactionCalls(options, session.pooler, ledger.writer)
  const { groups, items, deltas } = calls
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
    row() {},
    complete(tag) {
      if (tag === 'UPDATE 0') isRowMissing = true
    },
    refused(given) {
      // a failed COMMIT, or statements sent at once, leave no transaction to roll back
      if (!isStepwise || step === steps.length - 1 || refusal !== undefined) {
        refuse(refusal ?? given)
        return
      }
      refusal = given
      session.send(undo)
    },
    ready() {
      if (refusal !== undefined) refuse(refusal)
      else if (step < steps.length - 1) session.send(steps[++step]!)
      else {
        ledger.acknowledged(sequence)
        finish().done(isRowMissing ? outcomes.noRowUpdated : outcomes.committed)
      }
    },
    lost(error) {
      if (slot !== undefined) finish().fail(session.lost(error))
    },
  }

  const exchangeOf = (bytes: Buffer): Exchange => new Exchange(receiver, bytes)
  const undo = exchangeOf(rollback)
  // a pooler would keep a default of the session
  const begin = serialize.query(
    session.pooler === 'none' ? 'BEGIN' : `BEGIN ISOLATION LEVEL ${options.isolation}`,
  )
  const callSteps = groups.map(({ bytes }) => exchangeOf(bytes))
  const steps = isStepwise ? [exchangeOf(begin), ...callSteps, exchangeOf(commit)] : callSteps

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
      session.send(steps[0]!)
    },
  }
  return transaction
}
