import type { Behaviour } from '@cloudbench/driver-kit/loopback'
import rhea, { type Connection, type Container, type EventContext, type Sender } from 'rhea'
import type { Queue } from './queue.ts'
import { createSettler, type Settler } from './settler.ts'

/** The AMQP 1.0 side of the loopback server: producers put messages into queues, and consumers receive them. */
export function createBroker(queues: ReadonlyMap<string, Queue>, behaviour: Behaviour): Container {
  const container = rhea.create_container({ id: 'cloudbench-loopback' })
  container.sasl_server_mechanisms.enable_anonymous()
  container.sasl_server_mechanisms.enable_plain(() => true)
  serveProducers(container, queues, behaviour)
  serveConsumers(container, queues, behaviour)
  // without a listener rhea throws, or logs to the console
  for (const event of ['error', 'protocol_error', 'connection_error', 'session_error', 'receiver_close'])
    container.on(event, () => {})
  return container
}

function serveProducers(
  container: Container,
  queues: ReadonlyMap<string, Queue>,
  behaviour: Behaviour,
): void {
  const settlers = new WeakMap<Connection, Settler>()
  const settlerOf = (connection: Connection): Settler => {
    const settler = settlers.get(connection) ?? createSettler()
    settlers.set(connection, settler)
    return settler
  }
  container.on('receiver_open', ({ receiver }: EventContext) => {
    const address = receiver!.target?.address ?? ''
    if (queues.has(address)) receiver!.set_target({ address })
    else receiver!.close(notFound(address))
  })
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
}

function serveConsumers(
  container: Container,
  queues: ReadonlyMap<string, Queue>,
  behaviour: Behaviour,
): void {
  const attached = new WeakMap<Connection, Map<Sender, Queue>>()
  const queueOf = ({ connection, sender }: EventContext): Queue | undefined =>
    attached.get(connection)?.get(sender!)

  container.on('sender_open', ({ connection, sender }: EventContext) => {
    const address = sender!.source?.address ?? ''
    const queue = queues.get(address)
    if (queue === undefined) {
      sender!.close(notFound(address))
      return
    }
    sender!.set_source({ address })
    const isPresettled = sender!.snd_settle_mode === 1
    // rhea writes the attach at the end of this turn
    if (isPresettled) (sender as unknown as OpenLink).local.attach.snd_settle_mode = 1
    const senders = attached.get(connection) ?? new Map<Sender, Queue>()
    attached.set(connection, senders.set(sender!, queue))
    queue.attach(sender!, isPresettled, (deliver) => behaviour.admit(() => deliver()))
  })
  container.on('sendable', (context: EventContext) => queueOf(context)?.flow(context.sender!))
  for (const outcome of ['accepted', 'rejected', 'released', 'modified'] as const) {
    const isKept = outcome === 'released' || outcome === 'modified'
    container.on(outcome, (context: EventContext) => {
      queueOf(context)?.settled(context.sender!, context.delivery!, isKept)
    })
  }
  container.on('sender_close', (context: EventContext) => {
    queueOf(context)?.detach(context.sender!)
    attached.get(context.connection)?.delete(context.sender!)
  })
  for (const end of ['disconnected', 'connection_close', 'session_close'])
    container.on(end, ({ connection }: EventContext) => {
      const senders = attached.get(connection)
      attached.delete(connection)
      for (const [sender, queue] of senders ?? []) queue.detach(sender)
    })
}

interface OpenLink {
  readonly local: { readonly attach: { snd_settle_mode?: number } }
}

function notFound(address: string): { readonly condition: string; readonly description: string } {
  return { condition: 'amqp:not-found', description: `no queue '${address}'` }
}
