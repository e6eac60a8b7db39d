import { messageOf, type Counter, type DriverContext, type Shareable } from '@cloudbench/core'
import { DatabaseError } from 'pg'
import { openClient, type OpenClient } from '../client/client.ts'
import type { WriteLedger } from '../audit/ledger.ts'
import type { MixedOptions } from '../options.ts'
import { tablesOf } from './tables.ts'
import { conflictStates, type Transaction } from './transactions.ts'

const attempts = 10
/** A target that does nothing but conflict must not fill the memory. */
const longestQueue = 10_000

/** Tries transactions again that met another one: on a connection of its own, so that nobody's time contains it. */
export interface Retries extends Shareable {
  add(transaction: Transaction): void
  /** Resolves when nothing is left to try. */
  settled(): Promise<void>
}

interface RetryCounters {
  readonly retried: Counter
  readonly committed: Counter
  readonly givenUp: Counter
}

/** The one of a flow in this worker. */
export async function sharedRetries(
  context: DriverContext<MixedOptions>,
  ledger: WriteLedger,
): Promise<Retries> {
  return await context.share(`postgres retries ${context.flow}`, () =>
    createRetries(context, ledger, {
      retried: context.counter('transactions retried'),
      committed: context.counter('transactions committed by retry'),
      givenUp: context.counter('transactions given up'),
    }),
  )
}

function createRetries(
  context: DriverContext<MixedOptions>,
  ledger: WriteLedger,
  { retried, committed, givenUp }: RetryCounters,
): Retries {
  const queue: Transaction[] = []
  let opened: OpenClient | undefined
  let working: Promise<void> | undefined

  const giveUp = ({ sequence }: Transaction): void => {
    ledger.refused(sequence)
    givenUp.add(1)
  }

  const attempt = async (transaction: Transaction, sql: string): Promise<void> => {
    for (let left = attempts; left > 0; left--) {
      retried.add(1)
      opened ??= await openClient(
        context,
        `SET default_transaction_isolation = '${context.options.isolation}';`,
      )
      try {
        // one simple query is one transaction
        await opened.client.query(sql)
      } catch (error) {
        if (error instanceof DatabaseError && conflictStates.has(error.code ?? '')) continue
        // what became of it is unknown when the connection is lost, so the audit may not count on either
        if (error instanceof DatabaseError) giveUp(transaction)
        else await forget()
        return
      }
      ledger.acknowledged(transaction.sequence)
      committed.add(1)
      return
    }
    giveUp(transaction)
  }

  const forget = async (): Promise<void> => {
    const old = opened
    opened = undefined
    await old?.close(true)
  }

  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        await attempt(next, sqlOf(next, ledger.writer, context.options))
      } catch (error) {
        // no connection: it was rolled back, and stays so
        giveUp(next)
        context.log.warn(`a transaction could not be tried again: ${messageOf(error)}`)
      }
    }
    working = undefined
  }

  return {
    add(transaction) {
      if (queue.length >= longestQueue) {
        giveUp(transaction)
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
      await forget()
      await working
    },
  }
}

function sqlOf({ sequence, items, deltas }: Transaction, writer: number, { schema }: MixedOptions): string {
  const tables = tablesOf(schema)
  const filled = (text: string, values: readonly number[]): string =>
    text.replaceAll(/\$(\d+)/g, (_, number: string) => String(values[Number(number) - 1]))
  return [
    ...items.map((item, at) => filled(tables.update, [deltas[at]!, item])),
    filled(tables.selectVersion, [items[0]!]),
    ...items.map((item, at) => filled(tables.insertHistory, [writer, sequence, item, deltas[at]!])),
  ].join('; ')
}
