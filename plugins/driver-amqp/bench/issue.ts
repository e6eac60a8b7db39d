import { compare, requestsOr } from '@cloudbench/fixtures/bench/compare'
import { benchFlow, driverCpu } from '@cloudbench/fixtures/bench/driver-cpu'
import { startLoopback } from '@cloudbench/fixtures/bench/loopback'
import { ownCpu, type Sender } from '@cloudbench/fixtures/bench/own-cpu'
import rhea, { type Connection, type EventContext } from 'rhea'
import driver from '../src/index.ts'
import { startRabbit, withoutRabbit } from '../test/servers/rabbit-process.ts'

// CPU per message of this driver, and of rhea as it is usually used, against a RabbitMQ or, where none is installed, the
// loopback broker in its own process:
//   node --conditions=@cloudbench/source bench/issue.ts

const size = 256
const queue = 'cloudbench-bench'
const address = withoutRabbit ? queue : `/amq/queue/${queue}`

type Workload = 'send' | 'send-receive'

const shapes = [
  { workload: 'send', connections: 10, depth: 1, requests: requestsOr(20_000) },
  { workload: 'send', connections: 4, depth: 32, requests: requestsOr(40_000) },
  { workload: 'send-receive', connections: 10, depth: 1, requests: requestsOr(15_000) },
  { workload: 'send-receive', connections: 4, depth: 32, requests: requestsOr(20_000) },
] as const

/** As rhea's README does it: messages are objects found by their id, and rhea gives credit and accepts by itself. */
async function rheaCpu({ workload, connections, depth, requests }: (typeof shapes)[number]): Promise<number> {
  const { hostname: host, port } = new URL(broker.url)
  const login = { username: 'guest', password: 'guest' }
  const opened = Array.from({ length: connections }, () =>
    rhea.create_container().connect({ host, port: Number(port), ...login, reconnect: false }),
  )
  const senders = await Promise.all(opened.map((connection) => senderOf(connection, workload)))
  const us = await ownCpu(senders, requests, depth)
  await Promise.all(
    opened.map((connection) => {
      const closed = new Promise((resolve) => connection.once('connection_close', resolve))
      connection.close()
      return closed
    }),
  )
  return us
}

const body = rhea.message.data_section(Buffer.alloc(size, 'x'))
const waiting = new Map<unknown, () => void>()
let sent = 0

async function senderOf(connection: Connection, workload: Workload): Promise<Sender> {
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

/** Measures with an empty queue that is deleted afterwards. */
async function withQueue(measure: () => Promise<number>): Promise<number> {
  const flow = benchFlow(driver, broker.url, { queue, durable: false })
  await flow.prepare()
  const us = await measure()
  await flow.cleanup()
  await flow.close()
  return us
}

const broker = withoutRabbit
  ? await startLoopback(new URL('../src/index.ts', import.meta.url))
  : await startRabbit()
for (const shape of shapes) {
  const { workload, connections, depth } = shape
  const options = { queue, size: `${size}B`, pipelining: depth, durable: false }
  await compare(`${workload}, depth ${depth}, ${connections} connections`, {
    driver: () => withQueue(() => driverCpu(driver, broker.url, { ...shape, options })),
    rhea: () => withQueue(() => rheaCpu(shape)),
  })
}
await broker.end()
