import type { Connection, DriverContext } from '@cloudbench/core'
import type { FlowHooks, Tally } from '@cloudbench/core/program'
import { createSender, type Sender } from './sender.ts'

/** The open connections of a flow, each with what sends over it. */
export interface Links {
  open(connection: DriverContext['connection']): Promise<Connection>
  /** Throws for a connection of another flow. */
  senderOf(connection: Connection): Sender
  /** Closes what the test has left open. Rejects when a healthy connection does not close, or has answered twice. */
  closeAll(): Promise<void>
}

interface Link {
  readonly sender: Sender
  readonly isClosed: () => boolean
}

export function createLinks(hooks: () => Promise<FlowHooks>, tally: Tally, salt: number): Links {
  const links = new Map<Connection, Link>()
  return {
    async open(place) {
      const { connect, newHolder } = await hooks()
      const holder = newHolder()
      let connection: Connection
      try {
        connection = await connect(place, holder)
      } catch (error) {
        await holder.release().catch(() => {})
        throw error
      }
      let closing: Promise<void> | undefined
      const close = async (): Promise<void> => {
        try {
          await connection.close()
        } finally {
          await holder.release()
        }
      }
      // a driver is promised that it is closed exactly once
      const handle = handleOf(connection, () => (closing ??= close()))
      const sender = createSender(connection, tally, salt)
      links.set(handle, { sender, isClosed: () => closing !== undefined })
      return handle
    },
    senderOf(connection) {
      const link = links.get(connection)
      if (link) return link.sender
      throw new Error('the connection belongs to another flow: send with the flow that opened it')
    },
    async closeAll() {
      const ended = await Promise.allSettled(
        [...links].map(async ([connection, { sender, isClosed }]) => {
          if (!isClosed())
            try {
              await connection.close()
            } catch (error) {
              // what has failed a request may fail to close
              if (!sender.hasFailed) throw error
            }
          if (sender.surplusAnswers > 0)
            throw new Error(`the driver answers twice: surplus answers: ${sender.surplusAnswers}`)
        }),
      )
      for (const end of ended) if (end.status === 'rejected') throw end.reason
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
