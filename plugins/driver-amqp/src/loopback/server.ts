import { createServer, type Socket } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { serveLoopback } from '@cloudbench/driver-kit/loopback'
import type { Container } from 'rhea'
import { serveAdmin } from './admin.ts'
import { createBroker } from './broker.ts'
import { protocolHeader } from './methods.ts'
import type { Queue } from './queue.ts'

/** Starts a broker on loopback that keeps messages in memory. It speaks AMQP 1.0, and enough of 0-9-1 to create queues. */
export function loopback(options: LoopbackOptions): Promise<Loopback> {
  return serveLoopback(options, (behaviour) => {
    const queues = new Map<string, Queue>()
    const container = createBroker(queues, behaviour)
    return {
      server: createServer((socket) => serve(socket, container, queues)),
      target: (port) => `amqp://127.0.0.1:${port}`,
    }
  })
}

/** Reads the protocol header, and hands the connection to the side that speaks the protocol. */
function serve(socket: Socket, container: Container, queues: Map<string, Queue>): void {
  const look = (): void => {
    const head = socket.read(protocolHeader.length) as Buffer | null
    if (head === null) return
    socket.off('readable', look)
    socket.unshift(head)
    if (head.equals(protocolHeader)) serveAdmin(socket, queues)
    else accept(socket, container)
    // the listener to data gets it from here on
    socket.resume()
  }
  socket.on('readable', look)
}

/** What rhea has, and does not declare. */
interface ServerConnection {
  accept(socket: Socket): void
  eof(): void
}

function accept(socket: Socket, container: Container): void {
  let isCorked = false
  // rhea writes frame by frame; the answers to one read leave together
  socket.on('data', () => {
    if (isCorked) return
    isCorked = true
    socket.cork()
    setImmediate(() => {
      isCorked = false
      socket.uncork()
    })
  })
  const connection = container.create_connection({
    properties: { product: 'cloudbench loopback' },
    receiver_options: { autoaccept: false, credit_window: 2_000 },
  } as unknown as Parameters<typeof container.create_connection>[0]) as unknown as ServerConnection
  connection.accept(socket)
  // rhea only hears of ends by the client, and would go on with its heartbeats
  socket.once('close', () => connection.eof())
}
