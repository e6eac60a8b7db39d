import { tcpServer, type TcpServer } from '@cloudbench/fixtures/tcp-server'
import rhea, { type Connection, type Receiver, type Sender } from 'rhea'
import { expect, onTestFinished, test } from 'vitest'
import { flow, ownQueue, sendAndCount } from './fixtures/context.ts'
import { sharedRabbit, startRabbit, startTimeoutMs as timeout, withoutRabbit } from './servers/rabbit.ts'

test.skipIf(withoutRabbit)(
  'the broker is killed and restarted: no acknowledged message is lost',
  // it starts twice
  { timeout: 2 * timeout },
  async () => {
    const rabbit = await startRabbit()
    onTestFinished(() => rabbit.end())
    const queue = ownQueue()
    const tested = flow(rabbit.url, { queue, pipelining: 16 })
    await tested.prepare()
    const connection = await tested.open()
    let answered = 0
    const failures: unknown[] = []
    const stream = async (): Promise<void> => {
      for (;;)
        try {
          await tested.send(connection)
          answered++
        } catch (error) {
          failures.push(error)
          return
        }
    }
    const streams = Promise.all(Array.from({ length: 16 }, stream))
    await expect.poll(() => answered, { timeout }).toBeGreaterThan(500)
    // RabbitMQ may write the queue to disk after it has answered
    await expect.poll(() => rabbit.hasStored(queue), { timeout }).toBe(true)
    await rabbit.kill()
    await streams
    expect(failures).toHaveLength(16)
    for (const failure of failures)
      expect(failure).toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET|EPIPE/) })
    await expect(tested.send(connection)).rejects.toBeDefined()
    await connection.close()
    await expect(tested.open()).rejects.toThrow(/nothing listens/)

    await rabbit.start()
    expect(tested.countOf(await tested.sendAll(await tested.open(), 200))).toEqual({ received: 200 })
    const findings = await tested.audit()
    // messages accepted just before the kill are delivered again, marked as redelivered
    for (const finding of findings) expect(finding).toMatchObject({ status: 'passed', violations: 0 })
    expect(findings[0]!.examined).toBeGreaterThan(700)
  },
)

test.skipIf(withoutRabbit)(
  'a message that is too large ends the session, and the reason is the outcome',
  { timeout },
  async () => {
    const { url } = await sharedRabbit()
    const tested = flow(url, { queue: ownQueue(), size: '2MiB' }, { workload: 'send' })
    await tested.prepare()
    const connection = await tested.open()
    await expect(tested.send(connection)).rejects.toMatchObject({
      code: 'amqp:precondition-failed',
      message: expect.stringMatching(/message size \d+ is larger than configured max size/),
    })
    await connection.close()
    // just below the limit
    const allowed = flow(url, { queue: ownQueue(), size: '1000KiB' })
    await allowed.prepare()
    expect(await allowed.send(await allowed.open())).toMatchObject({ ok: true })
    await allowed.cleanup()
  },
)

test.skipIf(withoutRabbit)('the queue is deleted during the load', { timeout }, async () => {
  const { url } = await sharedRabbit()
  const tested = flow(url, { queue: ownQueue() }, { workload: 'send' })
  await tested.prepare()
  const connection = await tested.open()
  await tested.sendAll(connection, 10)
  await tested.cleanup()
  // RabbitMQ 3 acknowledges messages that it cannot route; the audit finds them
  await tested.sendAll(connection, 10)
  await tested.prepare()
  expect((await tested.audit())[0]).toMatchObject({ status: 'failed', violations: 20 })
})

/** A broker that accepts connections and messages, and never answers them. */
async function silentBroker(): Promise<TcpServer> {
  const container = rhea.create_container()
  container.on('receiver_open', ({ receiver }) => receiver!.set_target({ address: receiver!.target.address }))
  container.on('sender_open', ({ sender }) => sender!.set_source(sender!.source))
  for (const event of ['disconnected', 'connection_close', 'message', 'error']) container.on(event, () => {})
  return await tcpServer('amqp', (socket) => {
    const connection = container.create_connection({
      receiver_options: { autoaccept: false, credit_window: 100 },
    } as never) as unknown as { accept(socket: unknown): void; close(): void; on_close(): void }
    // not even a close is answered
    connection.on_close = () => {}
    connection.accept(socket)
  })
}

test.each(['send', 'receive', 'send-receive'] as const)(
  '%s: a broker that never settles, or answers a close, does not block closing',
  async (workload) => {
    const broker = await silentBroker()
    const tested = flow(broker.target, { create: false, pipelining: 4 }, { workload })
    const connection = await tested.open()
    const answers = sendAndCount(tested, connection, 4)
    expect(broker.sockets.size).toBe(1)
    await connection.close()
    expect(answers.ended).toBe(0)
    await expect.poll(() => broker.sockets.size, { timeout: 10_000 }).toBe(0)
  },
)

/** A broker with one queue in whose connections a test intervenes; it keeps the attach frames that it has seen. */
async function scriptedBroker() {
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

const reason = { condition: 'amqp:connection:forced', description: 'closed by an operator' }

const ends = {
  close: ({ connections: [connection] }: Scripted) => connection!.close(reason),
  detach: ({ connections: [connection] }: Scripted) => {
    connection!.each_link((link: Sender | Receiver) => link.close(reason))
  },
  'detach without an error': ({ connections: [connection] }: Scripted) => {
    connection!.each_link((link: Sender | Receiver) => link.close())
  },
  cut: ({ sockets }: Scripted) => {
    for (const socket of sockets) socket.destroy()
  },
} as const

type Scripted = Awaited<ReturnType<typeof scriptedBroker>>

test.each(
  ['send', 'receive', 'send-receive'].flatMap((workload) =>
    (Object.keys(ends) as (keyof typeof ends)[]).map((end) => [workload, end] as const),
  ),
)('%s: an idle connection that ends by %s is reported at once', async (workload, end) => {
  const broker = await scriptedBroker()
  const tested = flow(broker.target, { create: false }, { workload })
  const connection = await tested.open()
  ends[end](broker)
  expect(await tested.lost(connection)).toMatchObject({
    code:
      end === 'close' || end === 'detach'
        ? reason.condition
        : expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/),
  })
})

test.each([
  ['queue', ['queue', 'queue']],
  ['topic', ['topic', 'topic']],
  ['none', [undefined, undefined]],
])('capability %s: addresses ask for it', async (capability, expected) => {
  const broker = await scriptedBroker()
  await flow(broker.target, { create: false, capability }).open()
  expect(broker.asked.map((asked) => (Array.isArray(asked) ? asked[0] : asked) ?? undefined)).toEqual(
    expected,
  )
})
