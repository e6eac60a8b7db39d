import { createServer, type AddressInfo } from 'node:net'
import rhea from 'rhea'
import { expect, onTestFinished, test } from 'vitest'
import { countOf, flow, ownQueue, send, sendAll } from './fixtures/context.ts'
import { sharedRabbit, startRabbit, withoutRabbit } from './servers/rabbit.ts'

const timeout = 120_000

test.skipIf(withoutRabbit)(
  'the broker is killed and comes back: nothing that it acknowledged is lost',
  { timeout },
  async () => {
    const rabbit = await startRabbit()
    onTestFinished(() => rabbit.end())
    const tested = flow(rabbit.url, { queue: ownQueue(), pipelining: 16 })
    await tested.prepare()
    const preparedMs = performance.now()
    const connection = await tested.open()
    let answered = 0
    const failures: unknown[] = []
    const stream = async (): Promise<void> => {
      for (;;) {
        try {
          await send(connection)
          answered++
        } catch (error) {
          failures.push(error)
          return
        }
      }
    }
    const streams = Promise.all(Array.from({ length: 16 }, stream))
    await expect.poll(() => answered, { timeout: 30_000 }).toBeGreaterThan(500)
    // RabbitMQ writes down seconds later that there is such a queue
    await expect.poll(() => performance.now() - preparedMs, { timeout: 30_000 }).toBeGreaterThan(5_000)
    await rabbit.kill()
    await streams
    expect(failures).toHaveLength(16)
    for (const failure of failures)
      expect(failure).toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET|EPIPE/) })
    await expect(send(connection)).rejects.toBeDefined()
    await connection.close()
    await expect(tested.open()).rejects.toThrow(/nothing listens/)

    await rabbit.start()
    expect(countOf(await sendAll(await tested.open(), 200))).toEqual({ received: 200 })
    const findings = await tested.audit()
    // what was accepted just before the end comes again, and says so
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
    await expect(send(connection)).rejects.toMatchObject({
      code: 'amqp:precondition-failed',
      message: expect.stringMatching(/message size \d+ is larger than configured max size/),
    })
    await connection.close()
    // as large as it may be
    const allowed = flow(url, { queue: ownQueue(), size: '1000KiB' })
    await allowed.prepare()
    expect(await send(await allowed.open())).toMatchObject({ ok: true })
    await allowed.cleanup()
  },
)

test.skipIf(withoutRabbit)('the queue is deleted during the load', { timeout }, async () => {
  const { url } = await sharedRabbit()
  const tested = flow(url, { queue: ownQueue() }, { workload: 'send' })
  await tested.prepare()
  const connection = await tested.open()
  await sendAll(connection, 10)
  await tested.cleanup()
  // RabbitMQ 3 acknowledges what it can give to nobody; the audit finds it
  await sendAll(connection, 10)
  await tested.prepare()
  expect((await tested.audit())[0]).toMatchObject({ status: 'failed', violations: 20 })
})

/** A broker that takes everything, and does nothing with it. */
async function silentBroker(): Promise<string> {
  const container = rhea.create_container()
  container.on('receiver_open', ({ receiver }) => receiver!.set_target({ address: receiver!.target.address }))
  container.on('sender_open', ({ sender }) => sender!.set_source(sender!.source))
  for (const event of ['disconnected', 'connection_close', 'message', 'error']) container.on(event, () => {})
  const server = createServer((socket) => {
    socket.on('error', () => {})
    const connection = container.create_connection({
      receiver_options: { autoaccept: false, credit_window: 100 },
    } as never) as unknown as { accept(socket: unknown): void; close(): void; on_close(): void }
    // not even a close is answered
    connection.on_close = () => {}
    connection.accept(socket)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `amqp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each(['send', 'receive', 'send-receive'] as const)(
  'a broker that accepts and never settles does not hold up the end: %s',
  async (workload) => {
    const tested = flow(await silentBroker(), { create: false, pipelining: 4 }, { workload })
    const connection = await tested.open()
    let answers = 0
    for (let request = 0; request < 4; request++)
      send(connection).then(
        () => answers++,
        () => answers++,
      )
    const startMs = performance.now()
    await connection.close()
    expect(performance.now() - startMs).toBeLessThan(5_000)
    expect(answers).toBe(0)
  },
)
