import { createServer, type Socket } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { type Behaviour, serveLoopback } from '@cloudbench/driver-kit/loopback'
import RedisParser from 'redis-parser'
import { createStore, type Store } from './store.ts'

const failure = Buffer.from('-ERR requested failure\r\n')
/** The commands that make up the load. Everything else is housekeeping and answered at once. */
const isLoad: Readonly<Record<string, boolean>> = { GET: true, SET: true }

/** Starts a server on loopback that speaks RESP and keeps values in memory. */
export function loopback(options: LoopbackOptions): Promise<Loopback> {
  const store = createStore()
  return serveLoopback(options, ({ admit }) => ({
    server: createServer((socket) => serve(socket, store, admit)),
    target: (port) => `redis://127.0.0.1:${port}`,
  }))
}

function serve(socket: Socket, store: Store, admit: Behaviour['admit']): void {
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
