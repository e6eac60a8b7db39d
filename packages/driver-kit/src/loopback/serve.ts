import type { Server, Socket } from 'node:net'
import type { Awaitable, Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, type Behaviour } from './behaviour.ts'
import { listenOnLoopback } from './listen.ts'

/** A server as a driver makes it. */
export interface LoopbackServer {
  /** Of `node:net`, or one that is built on it, such as that of `node:http`. It listens on nothing yet. */
  readonly server: Server
  /** The target's url. Called before the first connection is taken. */
  target(port: number): string
  /** Ends what does not end with the connections. */
  stop?(): Awaitable<void>
}

/**
 * Lets a server listen on 127.0.0.1 with the behaviour that was requested, until it is closed or dies by its options.
 * @param create Makes the server; it asks the behaviour when to answer each request, and how.
 */
export async function serveLoopback(
  options: LoopbackOptions,
  create: (behaviour: Behaviour) => LoopbackServer,
): Promise<Loopback> {
  const { dieAfterMs, dieAfterRequests = Infinity } = options
  const timing = createBehaviour(options)
  let left = dieAfterRequests
  const counts = { requests: 0, answers: 0 }
  const { server, target, stop } = create({
    ...timing,
    admit(answer) {
      if (left-- <= 0) {
        void die()
        return
      }
      counts.requests++
      timing.admit((isFailure) => {
        counts.answers++
        answer(isFailure)
      })
    },
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  let died: Promise<void> | undefined
  const die = (): Promise<void> => (died ??= end())
  const port = await listenOnLoopback(server, options.port, options)
  const url = target(port)
  const dying = dieAfterMs === undefined ? undefined : setTimeout(() => void die(), dieAfterMs)

  async function end(): Promise<void> {
    clearTimeout(dying)
    timing.close()
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await stop?.()
    await closed
  }

  return { target: url, counts, close: die }
}
