import { connectionClosed, type LightSocket } from '@cloudbench/driver-kit'
import type { RedisTarget } from '../target.ts'
import { commandOf } from './commands.ts'
import { Replies, replyKinds } from './replies.ts'

/**
 * Waits for a connection, authenticates, selects the database, and names the connection if the server lets it, one command
 * after another. A server that takes no connections may say so before it is asked.
 */
export async function greet(
  socket: LightSocket,
  { username, password, db }: RedisTarget,
  name: string | undefined,
): Promise<void> {
  const commands = [
    ...(password === undefined ? [] : [['AUTH', ...(username === undefined ? [] : [username]), password]]),
    ...(db === 0 ? [] : [['SELECT', String(db)]]),
    // a server may refuse it: a name is not worth a connection
    ...(name === undefined ? [] : [['CLIENT', 'SETNAME', name]]),
    ['PING'],
  ]
  let asked: readonly string[] = []
  const replies = new Replies(-1)
  await new Promise<void>((resolve, reject) => {
    const fail = (error?: Error): void => reject(error ?? connectionClosed())
    const ask = (): void => {
      asked = commands.shift()!
      socket.write(commandOf(...asked))
    }
    socket.on('error', fail).on('end', fail).once('connect', ask)
    socket.reader = (shared, length) => {
      try {
        replies.take(shared, length)
        for (let kind = replies.next(); kind !== replyKinds.none; kind = replies.next()) {
          if (kind === replyKinds.error && asked[0] !== 'CLIENT') throw new ReplyError(replies.text())
          if (commands.length === 0) {
            socket.off('error', fail).off('end', fail)
            resolve()
          } else ask()
        }
      } catch (error) {
        reject(error)
      }
    }
  })
}

/** What the server has replied. Client libraries have an error of this name too. */
class ReplyError extends Error {
  override readonly name = 'ReplyError'
}
