import { createServer, type Socket } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, listenOnLoopback, type Behaviour } from '@cloudbench/driver-kit/loopback'
import rhea, { type Connection, type Container, type EventContext, type Sender } from 'rhea'
import { protocolHeader } from './methods.ts'
import { serveQueueAdmin } from './admin.ts'
import type { LoopbackQueue } from './queue.ts'
import { createSettler, type Settler } from './settler.ts'

/** Starts a broker on loopback that speaks AMQP 1.0, and as much of 0-9-1 as creates queues, and keeps messages in memory. */
export async function loopback(options: LoopbackOptions): Promise<Loopback> {
  const behaviour = createBehaviour(options)
  const queues = new Map<string, LoopbackQueue>()
  const container = createBroker(queues, behaviour)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serve(socket, container, queues)
  })
  const port = await listenOnLoopback(server, options.port)
  const die = (): void => {
    behaviour.close()
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  const dying = options.dieAfterMs === undefined ? undefined : setTimeout(die, options.dieAfterMs)
  return {
    target: `amqp://127.0.0.1:${port}`,
    async close() {
      clearTimeout(dying)
      if (!server.listening) return
      const closed = new Promise((resolve) => server.once('close', resolve))
      die()
      await closed
    },
  }
}

/** Looks at the first bytes of a connection, and lets whoever speaks that protocol have them. */
function serve(socket: Socket, container: Container, queues: Map<string, LoopbackQueue>): void {
  const look = (): void => {
    const head = socket.read(protocolHeader.length) as Buffer | null
    if (head === null) return
    socket.off('readable', look)
    socket.unshift(head)
    if (head.equals(protocolHeader)) serveQueueAdmin(socket, queues)
    else accept(socket, container)
    // whoever listens to data gets it from here on
    socket.resume()
  }
  socket.on('readable', look)
}

function accept(socket: Socket, container: Container): void {
  let isCorked = false
  // rhea writes frame by frame; what belongs to one read leaves as one
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
  } as unknown as Parameters<typeof container.create_connection>[0])
  ;(connection as unknown as { accept(socket: Socket): void }).accept(socket)
}

function createBroker(queues: Map<string, LoopbackQueue>, behaviour: Behaviour): Container {
  const container = rhea.create_container({ id: 'cloudbench-loopback' })
  container.sasl_server_mechanisms.enable_anonymous()
  container.sasl_server_mechanisms.enable_plain(() => true)
  const settlers = new WeakMap<Connection, Settler>()
  const attached = new WeakMap<Connection, Map<Sender, LoopbackQueue>>()

  const settlerOf = (connection: Connection): Settler => {
    const settler = settlers.get(connection) ?? createSettler()
    settlers.set(connection, settler)
    return settler
  }
  const queueOfSender = ({ connection, sender }: EventContext): LoopbackQueue | undefined =>
    attached.get(connection)?.get(sender!)

  container.on('receiver_open', ({ receiver }: EventContext) => {
    const address = receiver!.target?.address ?? ''
    if (queues.has(address)) receiver!.set_target({ address })
    else receiver!.close(notFound(address))
  })
  container.on('sender_open', ({ connection, sender }: EventContext) => {
    const address = sender!.source?.address ?? ''
    const queue = queues.get(address)
    if (queue === undefined) {
      sender!.close(notFound(address))
      return
    }
    sender!.set_source({ address })
    const isPresettled = sender!.snd_settle_mode === 1
    // written at the end of this turn
    if (isPresettled) (sender as unknown as OpenLink).local.attach.snd_settle_mode = 1
    const senders = attached.get(connection) ?? new Map<Sender, LoopbackQueue>()
    attached.set(connection, senders.set(sender!, queue))
    queue.attach(sender!, isPresettled, (deliver) => behaviour.admit(() => deliver()))
  })
  container.on('sendable', (context: EventContext) => queueOfSender(context)?.flow(context.sender!))
  container.on('message', ({ connection, receiver, delivery, message }: EventContext) => {
    const settler = settlerOf(connection)
    behaviour.admit((isFailure) => {
      const queue = queues.get(receiver!.target?.address ?? '')
      const isAccepted = !isFailure && queue !== undefined
      if (delivery!.remote_settled) delivery!.update(true)
      else settler.settle(delivery!, isAccepted)
      if (isAccepted) queue.put(message!)
    })
  })
  for (const outcome of ['accepted', 'rejected'] as const)
    container.on(outcome, (context: EventContext) => {
      queueOfSender(context)?.settled(context.sender!, context.delivery!, false)
    })
  for (const outcome of ['released', 'modified'] as const)
    container.on(outcome, (context: EventContext) => {
      queueOfSender(context)?.settled(context.sender!, context.delivery!, true)
    })
  container.on('sender_close', (context: EventContext) => {
    queueOfSender(context)?.detach(context.sender!)
    attached.get(context.connection)?.delete(context.sender!)
  })
  for (const end of ['disconnected', 'connection_close', 'session_close'])
    container.on(end, ({ connection }: EventContext) => {
      const senders = attached.get(connection)
      attached.delete(connection)
      for (const [sender, queue] of senders ?? []) queue.detach(sender)
    })
  // whoever does not listen is told on the console
  for (const event of ['error', 'protocol_error', 'connection_error', 'session_error', 'receiver_close'])
    container.on(event, () => {})
  return container
}

interface OpenLink {
  readonly local: { readonly attach: { snd_settle_mode?: number } }
}

function notFound(address: string): { readonly condition: string; readonly description: string } {
  return { condition: 'amqp:not-found', description: `no queue '${address}'` }
}
