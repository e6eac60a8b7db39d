import type { Connection, DriverContext, Sockets } from '@cloudbench/core'
import type { FlowHooks, Tally } from '@cloudbench/core/program'
import { createSender, type Sender } from './sender.ts'

/** An open connection, and what sends over it. */
export interface Link {
  /** Closes the connection, and lets go of what it shares, once. */
  readonly connection: Connection
  readonly sender: Sender
  readonly isClosed: boolean
  /** Resolves with the driver's reason when it says that the connection is dead. */
  readonly lost: Promise<unknown>
}

/** Where a link counts. */
export interface LinkCounts {
  readonly tally: Tally
  readonly sockets: Sockets
}

/** Opens a connection as a worker does. */
export async function openLink(
  { connect, newHolder }: FlowHooks,
  place: DriverContext['connection'],
  { tally, sockets }: LinkCounts,
  salt: number,
): Promise<Link> {
  const holder = newHolder()
  const loss = Promise.withResolvers<unknown>()
  let opened: Connection
  try {
    opened = await connect(place, holder, loss.resolve)
  } catch (error) {
    await holder.release().catch(() => {})
    throw error
  }
  const counts = !opened.reportsSockets && !holder.sharesConnection
  if (counts) sockets.opened()
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    if (counts) sockets.closed()
    try {
      await opened.close()
    } finally {
      await holder.release()
    }
  }
  // a driver is promised that it is closed exactly once
  const connection = handleOf(opened, () => (closing ??= close()))
  const sender = createSender(connection, tally, salt)
  void loss.promise.then((error) => sender.failAll(error))
  return {
    connection,
    sender,
    lost: loss.promise,
    get isClosed() {
      return closing !== undefined
    },
  }
}

function handleOf(connection: Connection, close: () => Promise<void>): Connection {
  const { streams, request, issue } = connection
  return {
    ...(streams !== undefined && { streams }),
    ...(request && { request: request.bind(connection) }),
    ...(issue && { issue: issue.bind(connection) }),
    close,
  }
}

/** Closes what a test has left open. Rejects when a healthy connection does not close, or has answered twice. */
export async function closeAll(links: Iterable<Link>): Promise<void> {
  const ended = await Promise.allSettled(Array.from(links, closeLink))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

async function closeLink({ connection, sender, isClosed }: Link): Promise<void> {
  if (!isClosed)
    try {
      await connection.close()
    } catch (error) {
      // a connection that has failed a request may fail to close
      if (!sender.hasFailed) throw error
    }
  if (sender.surplusAnswers > 0)
    throw new Error(`the driver answers twice: surplus answers: ${sender.surplusAnswers}`)
}
