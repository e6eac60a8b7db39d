import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import rhea, {
  type AmqpError,
  type Connection,
  type Delivery,
  type EventContext,
  type Message,
  type Sender,
} from 'rhea'

export type Scripted = Awaited<ReturnType<typeof scriptedBroker>>

export interface Script {
  /** The links that are not attached: those that send, or those that receive. */
  readonly refuses?: { readonly link: 'sender' | 'receiver'; readonly error: AmqpError }
  /** Settles a message. @default accepts it */
  readonly settle?: (delivery: Delivery) => void
  /** What receivers get for a message. @default nothing */
  readonly echo?: (message: Message) => Message
}

/** A broker with one queue in whose connections a test intervenes; it keeps the attach frames that it has seen. */
export async function scriptedBroker({ refuses, settle, echo }: Script = {}) {
  const connections: Connection[] = []
  const asked: unknown[] = []
  const container = rhea.create_container()
  container.on('connection_open', ({ connection }) => connections.push(connection))
  // what the client sends to is a receiver here
  container.on('receiver_open', ({ receiver }) => {
    asked.push(receiver!.target.capabilities)
    if (refuses?.link === 'sender') receiver!.close(refuses.error)
    else receiver!.set_target({ address: receiver!.target.address })
  })
  container.on('sender_open', ({ sender }) => {
    asked.push(sender!.source.capabilities)
    if (refuses?.link === 'receiver') sender!.close(refuses.error)
    else sender!.set_source(sender!.source)
  })
  container.on('message', ({ connection, delivery, message }: EventContext) => {
    if (settle) settle(delivery!)
    else delivery!.accept()
    if (echo) connection.each_sender((sender: Sender) => void sender.send(echo(message!)))
  })
  for (const event of ['disconnected', 'error', 'connection_close', 'receiver_close', 'sender_close'])
    container.on(event, () => {})
  const { target, sockets } = await tcpServer('amqp', (socket) => {
    const made = container.create_connection({
      receiver_options: { autoaccept: false },
    } as never) as unknown as {
      accept(socket: unknown): void
    }
    made.accept(socket)
  })
  return { target, sockets, asked, connections }
}
