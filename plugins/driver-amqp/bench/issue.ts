import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import rhea, { type EventContext, type Receiver, type Sender } from 'rhea'
import { openFlow } from '@cloudbench/testkit/flow'
import driverPlugin from '../src/index.ts'
import { startRabbit, withoutRabbit } from '../test/servers/rabbit-process.ts'

// CPU per message of this driver, and of rhea as it is usually used, against a RabbitMQ or, where none is installed, the
// loopback broker in its own process:
//   node --conditions=@cloudbench/source bench/issue.ts
// The two take turns, and the lowest round counts, because other work on the machine only ever adds.

const rounds = 5
const size = 256
const queue = 'cloudbench-bench'

interface Shape {
  readonly workload: 'send' | 'send-receive'
  readonly connections: number
  readonly depth: number
  readonly requests: number
}

const shapes: readonly Shape[] = [
  { workload: 'send', connections: 10, depth: 1, requests: 20_000 },
  { workload: 'send', connections: 4, depth: 32, requests: 40_000 },
  { workload: 'send-receive', connections: 10, depth: 1, requests: 15_000 },
  { workload: 'send-receive', connections: 4, depth: 32, requests: 20_000 },
]

/** The benchmark closes what it opens. */
const atEnd = (): void => {}

type Send = (done: () => void) => void

/** A way to send requests: one function per connection. */
interface Way {
  readonly senders: readonly Send[]
  close(): Promise<unknown>
}

async function driver(url: string, { workload, connections, depth }: Shape): Promise<Way> {
  const options = { queue, size: `${size}B`, pipelining: depth, durable: false }
  const flow = openFlow(driverPlugin, url, options, { workload, atEnd })
  await flow.prepare()
  const opened = await Promise.all(Array.from({ length: connections }, (_, at) => flow.open(at, connections)))
  let index = 0
  return {
    senders: opened.map((connection) => (done) => {
      connection.issue!({ index: index++, traceparent: undefined, random: Math.random, done, fail: stop })
    }),
    async close() {
      await Promise.all(opened.map(async (connection) => connection.close()))
      await flow.cleanup()
      await flow.close()
    },
  }
}

/** As rhea's README does it: messages are objects found by their id, and rhea gives credit and accepts by itself. */
async function client(url: string, shape: Shape): Promise<Way> {
  const { workload, connections } = shape
  // only creates the queue
  const flow = openFlow(driverPlugin, url, { queue, durable: false }, { workload, atEnd })
  await flow.prepare()
  const { hostname, port } = new URL(url)
  const body = rhea.message.data_section(Buffer.alloc(size, 'x'))
  const address = withoutRabbit ? queue : `/amq/queue/${queue}`
  const waiting = new Map<string, () => void>()
  let sent = 0
  const closers: (() => Promise<unknown>)[] = []
  const senders = await Promise.all(
    Array.from({ length: connections }, async (): Promise<Send> => {
      const connection = rhea.create_container().connect({
        host: hostname,
        port: Number(port),
        username: 'guest',
        password: 'guest',
        reconnect: false,
      })
      closers.push(async () => {
        const closed = new Promise((resolve) => connection.once('connection_close', resolve))
        connection.close()
        await closed
      })
      const settled = new Map<unknown, () => void>()
      const sender: Sender = connection.open_sender(address)
      await new Promise((resolve) => sender.once('sendable', resolve))
      if (workload === 'send-receive') {
        const receiver: Receiver = connection.open_receiver(address)
        receiver.on('message', ({ message }: EventContext) => {
          const id = String(message!.message_id)
          const done = waiting.get(id)
          waiting.delete(id)
          done?.()
        })
        await new Promise((resolve) => receiver.once('receiver_open', resolve))
        return (done) => {
          const id = String(sent++)
          waiting.set(id, done)
          sender.send({ message_id: id, body })
        }
      }
      sender.on('accepted', ({ delivery }: EventContext) => {
        const done = settled.get(delivery)
        settled.delete(delivery)
        done?.()
      })
      return (done) => {
        settled.set(sender.send({ message_id: String(sent++), body }), done)
      }
    }),
  )
  return {
    senders,
    async close() {
      await Promise.all(closers.map((close) => close()))
      await flow.cleanup()
    },
  }
}

function stop(error: unknown): never {
  throw error
}

/** CPU microseconds per request of this process. */
async function measure({ senders }: Way, { depth, requests }: Shape): Promise<number> {
  const before = process.cpuUsage()
  await new Promise<void>((resolve) => {
    let left = requests
    let busy = senders.length * depth
    for (const send of senders) {
      const fire = (): void => {
        if (left-- > 0) send(fire)
        else if (--busy === 0) resolve()
      }
      for (let stream = 0; stream < depth; stream++) fire()
    }
  })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}

async function startLoopback(): Promise<{ readonly url: string; end(): Promise<void> }> {
  const source = fileURLToPath(new URL('../src/index.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    [
      '--conditions=@cloudbench/source',
      '--input-type=module',
      '--eval',
      'const { default: driver } = await import(process.argv[1]); process.stdout.write((await driver.loopback({})).target)',
      source,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const url = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data))),
  )
  return { url, end: async () => void child.kill() }
}

const broker = withoutRabbit ? await startLoopback() : await startRabbit()
for (const shape of shapes) {
  const least = { driver: Infinity, client: Infinity }
  for (let round = -1; round < rounds; round++)
    for (const [name, open] of [
      ['driver', driver],
      ['client', client],
    ] as const) {
      const way = await open(broker.url, shape)
      const us = await measure(way, shape)
      await way.close()
      // the first round is the warm-up
      if (round >= 0) least[name] = Math.min(least[name], us)
    }
  const { driver: own, client: usual } = least
  process.stdout.write(
    `${shape.workload}, depth ${shape.depth}, ${shape.connections} connections: ` +
      `driver ${own.toFixed(1)} µs, rhea ${usual.toFixed(1)} µs · driver/rhea ${(own / usual).toFixed(2)}\n`,
  )
}
await broker.end()
