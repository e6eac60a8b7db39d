import type { Connection, DriverContext } from '@cloudbench/core'
import { openClient } from '../client/client.ts'
import type { PostgresOptions } from '../options.ts'
import { createSession, type Sender, type Session } from './session.ts'

/**
 * Opens a connection for a workload.
 * @param setUp SQL that the session runs first.
 * @param streams How many requests the connection takes at once.
 */
export async function connect(
  context: DriverContext<PostgresOptions>,
  setUp: string,
  streams: number,
  createSender: (session: Session) => Sender,
): Promise<Connection> {
  const opened = await openClient(context, setUp)
  const session = createSession(context, opened)
  const { issue, close } = createSender(session)
  return {
    streams,
    issue,
    async close() {
      close?.()
      await opened.close(session.inFlight > 0)
    },
  }
}
