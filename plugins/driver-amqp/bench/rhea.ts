import { sendFor, type Sender } from '@cloudbench/fixtures/bench/send-for'
import rhea, { type Connection, type EventContext } from 'rhea'

// rhea as its README shows it, for bench/issue.ts: messages are objects found by their id, and rhea gives credit and
// accepts by itself.

const [url, address, workload, connections, depth, size] = process.argv.slice(2) as [
  string,
  string,
  'send' | 'send-receive',
  string,
  string,
  string,
]
const { hostname: host, port } = new URL(url)
const body = rhea.message.data_section(Buffer.alloc(Number(size), 'x'))
const waiting = new Map<unknown, () => void>()
let sent = 0

const opened = Array.from({ length: Number(connections) }, () =>
  rhea.create_container().connect({
    host,
    port: Number(port),
    username: 'guest',
    password: 'guest',
    reconnect: false,
  }),
)
await sendFor(await Promise.all(opened.map(senderOf)), Number(depth))
await Promise.all(
  opened.map((connection) => {
    const closed = new Promise((resolve) => connection.once('connection_close', resolve))
    connection.close()
    return closed
  }),
)

async function senderOf(connection: Connection): Promise<Sender> {
  const answered = (key: unknown): void => {
    const done = waiting.get(key)
    waiting.delete(key)
    done?.()
  }
  const sender = connection.open_sender(address)
  await new Promise((resolve) => sender.once('sendable', resolve))
  if (workload === 'send') {
    sender.on('accepted', ({ delivery }: EventContext) => answered(delivery))
    return (done) => waiting.set(sender.send({ message_id: String(sent++), body }), done)
  }
  const receiver = connection.open_receiver(address)
  receiver.on('message', ({ message }: EventContext) => answered(String(message!.message_id)))
  await new Promise((resolve) => receiver.once('receiver_open', resolve))
  return (done) => {
    const id = String(sent++)
    waiting.set(id, done)
    sender.send({ message_id: id, body })
  }
}
