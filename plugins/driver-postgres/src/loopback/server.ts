import { createServer, type Socket } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, listenOnLoopback } from '@cloudbench/driver-kit/loopback'
import { serve } from './session.ts'
import { createStore } from './store.ts'

/** Starts a server on loopback that speaks the PostgreSQL protocol and keeps tables in memory. */
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
    target: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async close() {
      clearTimeout(dying)
      if (!server.listening) return
      const closed = new Promise((resolve) => server.once('close', resolve))
      die()
      await closed
    },
  }
}
