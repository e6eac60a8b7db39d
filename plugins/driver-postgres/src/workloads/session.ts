import type { Connection, DriverContext, Slot } from '@cloudbench/core'
import { connectionClosed, lostConnection } from '@cloudbench/driver-kit'
import { openSession } from '../client/client.ts'
import type { Pooler } from '../client/pooler.ts'
import type { PostgresOptions } from '../options.ts'
import { createOutcomes, type Outcomes } from '../outcomes.ts'
import type { Exchange } from './exchange.ts'

/** What the senders of one connection share. */
export interface Session {
  readonly outcomes: Outcomes
  readonly context: DriverContext<PostgresOptions>
  readonly pooler: Pooler
  /** Requests and batches without an answer. */
  inFlight: number
  send(exchange: Exchange): void
  /** The error of a request that will not be answered; its code says what happened to the connection. */
  lost(error: Error): Error
}

/** Sends one kind of request. */
export interface Sender {
  issue(slot: Slot): void
  close?(): void
}

/**
 * Opens a connection for a workload.
 * @param setUp SQL that the session runs first.
 * @param streams How many requests the connection takes at once.
 */
export async function connect(
  context: DriverContext<PostgresOptions>,
  setUp: (pooler: Pooler) => string,
  streams: number,
  createSender: (session: Session) => Sender,
): Promise<Connection> {
  const opened = await openSession(context, setUp)
  const { client, fault } = opened
  const isPreloaded = 'preload' in context.options && context.options.preload
  let cause: Error | undefined
  const session: Session = {
    outcomes: createOutcomes(context.outcome, isPreloaded),
    context,
    pooler: opened.pooler,
    inFlight: 0,
    send: (exchange) => void client.query(exchange),
    // the first error says why; the ones after it only say that the connection is closed
    lost: (error) => (cause ??= lostConnection(fault() ?? error, nameOf)),
  }
  const { issue, close } = createSender(session)
  // an error that belongs to no request, such as FATAL in an idle session, and then the end of the connection
  const lost = (error: Error = connectionClosed()): void => context.lost(session.lost(error))
  client.on('error', lost)
  client.once('end', () => lost())
  // it may have ended before this
  if (opened.hasEnded()) lost()
  return {
    streams,
    // opening one may take more than one connection: to other hosts, and with or without TLS
    reportsSockets: true,
    issue,
    async close() {
      close?.()
      await opened.close(session.inFlight > 0)
    },
  }
}

/** pg's parser throws errors without a code. */
function nameOf({ code, message }: NodeJS.ErrnoException): string | undefined {
  const isGarbage = code === undefined && /invalid response|unexpected .* message/i.test(message)
  return isGarbage ? 'INVALID_RESPONSE' : undefined
}
