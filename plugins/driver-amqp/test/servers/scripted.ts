import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import rhea, { type Connection } from 'rhea'

export type Scripted = Awaited<ReturnType<typeof scriptedBroker>>

/** A broker with one queue in whose connections a test intervenes; it keeps the attach frames that it has seen. */
export async function scriptedBroker() {
  const connections: Connection[] = []
  const asked: unknown[] = []
  const container = rhea.create_container()
  container.on('connection_open', ({ connection }) => connections.push(connection))
  container.on('receiver_open', ({ receiver }) => {
    asked.push(receiver!.target.capabilities)
    receiver!.set_target({ address: receiver!.target.address })
  })
  container.on('sender_open', ({ sender }) => {
    asked.push(sender!.source.capabilities)
    sender!.set_source(sender!.source)
  })
  for (const event of ['disconnected', 'message', 'error', 'connection_close']) container.on(event, () => {})
  const { target, sockets } = await tcpServer('amqp', (socket) => {
    const made = container.create_connection({} as never) as unknown as { accept(socket: unknown): void }
    made.accept(socket)
  })
  return { target, sockets, asked, connections }
}
