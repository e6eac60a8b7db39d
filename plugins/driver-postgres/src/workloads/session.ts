import type { Connection, DriverContext, Slot } from '@cloudbench/core'
import { connectionClosed, lostConnection } from '@cloudbench/driver-kit'
import { openSession, type OpenSession } from '../client/client.ts'
import type { Pooler } from '../client/pooler.ts'
import type { Lane } from '../lanes/lane.ts'
import type { PostgresOptions } from '../options.ts'
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
  const createLane = await laneOf(options)
  const isNamed = (pooler: Pooler): boolean => pooler === 'none' && options.statements === 'named'
  const isWire = options.client === 'wire'
  const opened = await openSession(
    context,
    // a library prepares what it has a name for by itself
    (pooler) => setUp({ pooler, isPrepared: isWire && isNamed(pooler) }),
    !isWire,
  )
  const { client, fault } = opened
  let cause: Error | undefined
  const session: Session = {
    outcomes: createOutcomes(context.outcome, 'preload' in options && options.preload),
    context,
    pooler: opened.pooler,
    lane: createLane(opened, isNamed(opened.pooler)),
    inFlight: 0,
    // the first error says why; the ones after it only say that the connection is closed
    lost: (error) => (cause ??= lostConnection(fault() ?? error, nameOf)),
  }
  const { issue, close } = createSender(session)
  // an error that belongs to no request, such as FATAL in an idle session, and then the end of the connection
  const lost = (error: Error = connectionClosed()): void => {
    context.lost(session.lost(error))
    session.lane.lose(error)
  }
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

/** Loads the lane that the options name, and no other. */
async function laneOf(options: PostgresOptions): Promise<(opened: OpenSession, isNamed: boolean) => Lane> {
  if (options.client === 'pg') {
    const { createPgLane } = await import('../lanes/pg.ts')
    return ({ client }, isNamed) => createPgLane(client, isNamed)
  }
  const { createWireLane } = await import('../lanes/wire.ts')
  const rowBytes = 'payloadSize' in options ? options.payloadSize : 0
  return ({ socket }, isNamed) => createWireLane(socket!, { isNamed, rowBytes })
}

/** pg's parser throws errors without a code. */
function nameOf({ code, message }: NodeJS.ErrnoException): string | undefined {
  const isGarbage = code === undefined && /invalid response|unexpected .* message/i.test(message)
  return isGarbage ? 'INVALID_RESPONSE' : undefined
}
