import { createServer, type Socket } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, listenOnLoopback } from '@cloudbench/driver-kit/loopback'
import { createMemoryBroker } from './broker.ts'
import { serve } from './connection.ts'
import type { Admission } from './produce-handler.ts'

/** Starts a broker on loopback that speaks as much of Kafka's protocol as this driver, and keeps topics in memory. */
export async function loopback(options: LoopbackOptions): Promise<Loopback> {
  const { failureRate = 0, ...timing } = options
  // a batch is refused as a whole, and takes as long as all its messages
  const pace = createBehaviour(timing)
  const failing = createBehaviour({ failureRate })
  const admit: Admission = (messages, admitted) => {
    let isFailure = false
    failing.admit((decided) => {
      isFailure = decided
    })
    for (let left = messages; left > 1; left--) pace.admit(() => {})
    pace.admit(() => admitted(isFailure))
  }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serve(socket, broker)
  })
  const port = await listenOnLoopback(server, options.port)
  const broker = createMemoryBroker({ host: '127.0.0.1', port }, admit)
  const die = (): void => {
    pace.close()
    broker.close()
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  const dying = options.dieAfterMs === undefined ? undefined : setTimeout(die, options.dieAfterMs)
  return {
    target: `kafka://127.0.0.1:${port}`,
    async close() {
      clearTimeout(dying)
      if (!server.listening) return
      const closed = new Promise((resolve) => server.once('close', resolve))
      die()
      await closed
    },
  }
}
