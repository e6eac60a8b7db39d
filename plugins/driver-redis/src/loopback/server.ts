import { createServer, type Socket } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, listenOnLoopback } from '@cloudbench/driver-kit/loopback'
import RedisParser from 'redis-parser'
import { createStore, type Store } from './store.ts'

const failure = Buffer.from('-ERR requested failure\r\n')
/** The commands that make up the load. Everything else is housekeeping and answered at once. */
const isLoad: Readonly<Record<string, boolean>> = { GET: true, SET: true }

/** Starts a server on loopback that speaks RESP and keeps values in memory. */
export async function loopback(options: LoopbackOptions): Promise<Loopback> {
  const behaviour = createBehaviour(options)
  const store = createStore()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serve(socket, store, (answer) => behaviour.admit(answer))
  })
  const port = await listenOnLoopback(server, options.port)
  const die = (): void => {
    behaviour.close()
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  const dying = options.dieAfterMs === undefined ? undefined : setTimeout(die, options.dieAfterMs)
  return {
    target: `redis://127.0.0.1:${port}`,
    async close() {
      clearTimeout(dying)
      if (!server.listening) return
      const closed = new Promise((resolve) => server.once('close', resolve))
      die()
      await closed
    },
  }
}

function serve(socket: Socket, store: Store, admit: (answer: (isFailure: boolean) => void) => void): void {
  const parser = new RedisParser({
    returnBuffers: true,
    returnReply(request: unknown) {
      const [command, ...args] = request as Buffer[]
      const name = command!.toString('latin1').toUpperCase()
      if (!isLoad[name]) {
        socket.write(store.run(name, args))
        return
      }
      admit((isFailure) => void socket.write(isFailure ? failure : store.run(name, args)))
    },
    returnError: () => socket.destroy(),
    returnFatalError: () => socket.destroy(),
  })
  socket.on('data', (data) => {
    // the answers to one read leave as one write
    socket.cork()
    parser.execute(data)
    socket.uncork()
  })
}
