import { messageOf, type DriverContext, type Shareable, type TaskContext } from '@cloudbench/core'
import { DatabaseError } from 'pg'
import type { Ledger } from '../audit/ledger.ts'
import { openSession, type OpenSession } from '../client/client.ts'
import { openOnLightSocket, type PgClient } from '../client/pg-client.ts'
import type { Pooler } from '../client/pooler.ts'
import type { Statement } from '../lanes/lane.ts'
import type { MixedOptions } from '../options.ts'
import { tablesOf } from './tables.ts'

/** SQLSTATEs of transactions that conflicted and can be retried: serialization failure, deadlock. */
export const conflictStates: ReadonlySet<string> = new Set(['40001', '40P01'])

const attempts = 10
/** A target where everything conflicts must not fill the memory. */
const longestQueue = 10_000

/** A transaction that was rolled back. */
interface RolledBack {
  readonly sequence: number
  /** Rows, in the order of their updates, and what is added to each. */
  readonly items: readonly number[]
  readonly deltas: readonly number[]
}

/** Retries transactions that conflicted, on a connection of its own so that no measured request waits for them. */
export interface Retries extends Shareable {
  add(transaction: RolledBack): void
  /** Resolves when nothing is left to retry. */
  settled(): Promise<void>
}

/** The one of a flow in this worker. */
export async function sharedRetries(context: DriverContext<MixedOptions>, ledger: Ledger): Promise<Retries> {
  return await context.share(keyOf(context), () => createRetries(context, ledger))
}

/** Waits until a flow has nothing left to retry in this worker. */
export async function settleRetries(context: TaskContext<MixedOptions>): Promise<void> {
  const retries = await context.share<Retries>(keyOf(context), noRetries)
  await retries.settled()
}

/** For a flow that never had a connection, and so has nothing to retry. */
function noRetries(): Retries {
  return { add() {}, async settled() {}, close() {} }
}

function keyOf({ flow }: TaskContext<MixedOptions>): string {
  return `postgres retries ${flow}`
}

function createRetries(context: DriverContext<MixedOptions>, ledger: Ledger): Retries {
  const queue: RolledBack[] = []
  const retrier = createRetrier(context, ledger)
  let working: Promise<void> | undefined

  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      try {
        await retrier.retry(next)
      } catch (error) {
        // without a connection it stays rolled back
        retrier.giveUp(next)
        context.log.warn(`a transaction could not be retried: ${messageOf(error)}`)
      }
    working = undefined
  }

  return {
    add(transaction) {
      if (queue.length >= longestQueue) {
        retrier.giveUp(transaction)
        return
      }
      queue.push(transaction)
      working ??= work()
    },
    async settled() {
      await working
    },
    async close() {
      queue.length = 0
      await retrier.close()
      await working
    },
  }
}

/** Retries one transaction at a time. */
interface Retrier {
  /** Rejects when no connection can be opened. */
  retry(transaction: RolledBack): Promise<void>
  giveUp(transaction: RolledBack): void
  close(): Promise<void>
}

function createRetrier(context: DriverContext<MixedOptions>, ledger: Ledger): Retrier {
  const retried = context.counter('transactions retried')
  const committed = context.counter('transactions committed by retry')
  const givenUp = context.counter('transactions given up')
  const { isolation } = context.options
  const setUp = (pooler: Pooler): string =>
    pooler === 'none' ? `SET default_transaction_isolation = '${isolation}';` : ''
  const beginOf = (pooler: Pooler): string =>
    pooler === 'none' ? '' : `SET TRANSACTION ISOLATION LEVEL ${isolation}; `
  let opened: OpenSession<PgClient> | undefined

  const giveUp = ({ sequence }: RolledBack): void => {
    ledger.refused(sequence)
    givenUp.add(1)
  }

  const close = async (): Promise<void> => {
    const old = opened
    opened = undefined
    await old?.close(true)
  }

  return {
    async retry(transaction) {
      const sql = sqlOf(transaction, ledger.writer, context.options)
      for (let left = attempts; left > 0; left--) {
        retried.add(1)
        // the server may end a connection that had nothing to retry for a while
        if (opened?.hasEnded()) await close()
        opened ??= await openSession(context, setUp, openOnLightSocket)
        try {
          // one simple query is one transaction
          await opened.client.query(beginOf(opened.pooler) + sql)
        } catch (error) {
          if (error instanceof DatabaseError && conflictStates.has(error.code ?? '')) continue
          // its fate is unknown when the connection is lost, so the audit must not expect either
          if (error instanceof DatabaseError) giveUp(transaction)
          else await close()
          return
        }
        ledger.acknowledged(transaction.sequence)
        committed.add(1)
        return
      }
      giveUp(transaction)
    },
    giveUp,
    close,
  }
}

function sqlOf({ sequence, items, deltas }: RolledBack, writer: number, { schema }: MixedOptions): string {
  const tables = tablesOf(schema)
  const filled = ({ text }: Statement, values: readonly number[]): string =>
    text.replaceAll(/\$(\d+)/g, (_, number: string) => String(values[Number(number) - 1]))
  return [
    ...items.map((item, at) => filled(tables.update, [deltas[at]!, item])),
    filled(tables.selectVersion, [items[0]!]),
    ...items.map((item, at) => filled(tables.insertHistory, [writer, sequence, item, deltas[at]!])),
  ].join('; ')
}
