import { CloudbenchError, type Connection, type DriverContext, type Slot } from '@cloudbench/core'
import { connectionClosed, lostConnection } from '@cloudbench/driver-kit'
import type { OpenClient } from '../client/attempt.ts'
import { openSession, type OpenSession } from '../client/client.ts'
import { openOnLightSocket, openOnOwnSocket } from '../client/pg-client.ts'
import type { Pooler } from '../client/pooler.ts'
import type { Lane } from '../lanes/lane.ts'
import { type PostgresOptions, rowBytesOf } from '../options.ts'
import { createOutcomes, type Outcomes } from '../outcomes.ts'

/** What the senders of one connection share. */
export interface Session {
  readonly outcomes: Outcomes
  readonly context: DriverContext<PostgresOptions>
  readonly pooler: Pooler
  readonly lane: Lane
  /** Requests and batches without an answer. */
  inFlight: number
  /** The error of a request that will not be answered; its code says what happened to the connection. */
  lost(error: Error): Error
}

/** Sends one kind of request. */
export interface Sender {
  issue(slot: Slot): void
  close?(): void
}

/** What the SQL that sets a session up depends on. */
export interface Terms {
  readonly pooler: Pooler
  /** Whether statements are called by names under which that SQL prepares them. */
  readonly isPrepared: boolean
}

/**
 * Opens a connection for a workload.
 * @param setUp SQL that the session runs first.
 * @param streams How many requests the connection takes at once.
 */
export async function connect(
  context: DriverContext<PostgresOptions>,
  setUp: (terms: Terms) => string,
  streams: number,
  createSender: (session: Session) => Sender,
): Promise<Connection> {
  const { options } = context
  const { opened, lane } = await openLane(context, setUp)
  const { fault } = opened
  let cause: Error | undefined
  const session: Session = {
    outcomes: createOutcomes(context.outcome, 'preload' in options && options.preload),
    context,
    pooler: opened.pooler,
    lane,
    inFlight: 0,
    // the first error says why; the ones after it only say that the connection is closed
    lost: (error) => (cause ??= lostConnection(fault() ?? error, nameOf)),
  }
  const { issue, close } = createSender(session)
  // an error that belongs to no request, such as FATAL in an idle session, and then the end of the connection
  const lost = (error: Error = connectionClosed()): void => {
    context.lost(session.lost(error))
    lane.lose(error)
  }
  opened.onLost(lost)
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

interface OpenLane {
  readonly opened: OpenSession<OpenClient>
  readonly lane: Lane
}

/** Opens a session by the client that the options name, and loads the lane of that one, and of no other. */
async function openLane(
  context: DriverContext<PostgresOptions>,
  setUp: (terms: Terms) => string,
): Promise<OpenLane> {
  const { options, trace, connection, log } = context
  if (trace !== undefined && options.statements === 'named' && connection.index === 0)
    log.info('statements are parsed anew for each request, since each has a trace context in its text')
  // a text with a trace context is another for every request: no name stands for it
  const isNamed = (pooler: Pooler): boolean =>
    pooler === 'none' && options.statements === 'named' && trace === undefined
  // a library prepares what it has a name for by itself
  const ofLibrary = (pooler: Pooler): string => setUp({ pooler, isPrepared: false })
  if (options.client === 'pg') {
    const { createPgLane } = await import('../lanes/pg.ts')
    const opened = await openSession(context, ofLibrary, openOnOwnSocket)
    return { opened, lane: createPgLane(opened.client, isNamed(opened.pooler), trace) }
  }
  if (options.client === 'postgres.js') {
    if (trace !== undefined && options.pipelining > 1) throw notPipelined()
    const { importPostgresJs } = await import('../client/postgres-js.ts')
    const { createPostgresJsLane } = await import('../lanes/postgres-js.ts')
    const opened = await openSession(context, ofLibrary, await importPostgresJs(context))
    return { opened, lane: createPostgresJsLane(opened, isNamed(opened.pooler), trace) }
  }
  const { createWireLane } = await import('../lanes/wire.ts')
  const opened = await openSession(
    context,
    (pooler) => setUp({ pooler, isPrepared: isNamed(pooler) }),
    openOnLightSocket,
  )
  const terms = { isNamed: isNamed(opened.pooler), rowBytes: rowBytesOf(options), trace }
  return { opened, lane: createWireLane(opened.socket, terms) }
}

/** The options refuse the same of `statements: unnamed`; what they cannot see is whether requests are traced. */
function notPipelined(): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: 'postgres.js sends one traced statement at a time, since it has each described first',
    expected: 'pipelining: 1',
    next: 'write pipelining: 1, choose client: wire or pg, or trace with propagate: false',
  })
}

/** pg's parser throws errors without a code. */
function nameOf({ code, message }: NodeJS.ErrnoException): string | undefined {
  const isGarbage = code === undefined && /invalid response|unexpected .* message/i.test(message)
  return isGarbage ? 'INVALID_RESPONSE' : undefined
}
