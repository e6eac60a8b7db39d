import type { Connection, DriverContext } from '@cloudbench/core'
import { openClient } from '../client/client.ts'
import { createInserts, insertSetUp } from './inserts.ts'
import { sharedLedger } from '../audit/ledger.ts'
import type { MixedOptions, PostgresOptions, ReadOptions, WriteOptions } from '../options.ts'
import { sharedRetries } from './retries.ts'
import { createSelects, selectSetUp } from './selects.ts'
import { createSession, type Sender, type Session } from '../client/session.ts'
import { createTransactions, transactionSetUp } from './transactions.ts'

/** Opens a connection that reads. */
export async function connectReads(context: DriverContext<ReadOptions>): Promise<Connection> {
  const { options } = context
  return await opened(context, selectSetUp(options), options.pipelining, (session) =>
    createSelects(session, options),
  )
}

/** Opens a connection that writes documents. As many may be on their way as fit into its INSERTs. */
export async function connectWrites(context: DriverContext<WriteOptions>): Promise<Connection> {
  const { options } = context
  const ledger = await sharedLedger(context)
  return await opened(context, insertSetUp(options), options.pipelining * options.batchRows, (session) =>
    createInserts(session, options, ledger),
  )
}

/** Opens a connection that reads, and does transactions. */
export async function connectMixed(context: DriverContext<MixedOptions>): Promise<Connection> {
  const { options } = context
  const ledger = await sharedLedger(context)
  const retries = options.conflicts === 'retry' ? await sharedRetries(context, ledger) : undefined
  const setUp = selectSetUp(options) + transactionSetUp(options)
  return await opened(context, setUp, options.pipelining, (session) => {
    const selects = createSelects(session, options)
    const transactions = createTransactions(session, options, ledger, retries)
    return {
      issue(slot) {
        const sender = slot.random() < options.reads ? selects : transactions
        sender.issue(slot)
      },
    }
  })
}

async function opened(
  context: DriverContext<PostgresOptions>,
  setUp: string,
  streams: number,
  createSender: (session: Session) => Sender,
): Promise<Connection> {
  const client = await openClient(context, setUp)
  const session = createSession(context, client)
  const { issue, close } = createSender(session)
  return {
    streams,
    issue,
    async close() {
      close?.()
      await client.close(session.inFlight > 0)
    },
  }
}
