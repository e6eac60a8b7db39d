import { describe, expect, test } from 'vitest'
import { openQueueAdmin } from '../src/client/queue-admin.ts'
import { countOf, flow, loopback, ownQueue, parse, sendAll } from './fixtures/context.ts'
import { sharedRabbit, withoutRabbit } from './servers/rabbit.ts'

/** The same against the real thing and against the loopback, which must not differ. */
const targets = {
  'a real RabbitMQ': async () => (await sharedRabbit()).url,
  'the loopback': () => loopback(),
}
const startMs = 90_000

describe.each(Object.keys(targets) as (keyof typeof targets)[])('on %s', (name) => {
  const skipped = name === 'a real RabbitMQ' && withoutRabbit

  test.skipIf(skipped).each([
    ['at-least-once', true],
    ['at-least-once', false],
    ['at-most-once', false],
  ])('send-receive, %s, durable: %s', { timeout: startMs }, async (settlement, durable) => {
    const options = { queue: ownQueue(), settlement, durable, pipelining: 8, size: 300 }
    const tested = flow(await targets[name](), options)
    expect(await tested.prepare()).toEqual({ queues: 1 })
    expect(await tested.prepare()).toEqual({ queues: 1 })
    // each may receive what the other has sent
    const connections = await Promise.all([tested.open(0, 2), tested.open(1, 2)])
    expect(connections[0].streams).toBe(8)
    const outcomes = await Promise.all(connections.map((connection) => sendAll(connection, 300)))
    expect(countOf(outcomes.flat())).toEqual({ received: 600 })
    expect(new Set(outcomes.flat()).size).toBe(1)
    expect(tested.bytes).toEqual({ sent: 600 * 300, received: 600 * 300 })
    expect(tested.recorded['sent to received']).toHaveLength(600)
    expect(tested.recorded['sent to settled']).toHaveLength(settlement === 'at-least-once' ? 600 : 0)
    const [received, twice, order] = await tested.audit()
    expect(received).toMatchObject(
      settlement === 'at-least-once' ? { status: 'passed', examined: 600 } : { status: 'skipped' },
    )
    expect(twice).toMatchObject({ status: 'passed', examined: 600 })
    expect(order).toMatchObject({ status: 'passed', examined: 600 })
    await tested.cleanup()
  })

  test.skipIf(skipped).each(['at-least-once', 'at-most-once'])(
    'send, %s',
    { timeout: startMs },
    async (settlement) => {
      const tested = flow(
        await targets[name](),
        { queue: ownQueue(), settlement, pipelining: 16 },
        { workload: 'send' },
      )
      await tested.prepare()
      const outcomes = await sendAll(await tested.open(), 500)
      expect(countOf(outcomes)).toEqual(settlement === 'at-least-once' ? { accepted: 500 } : { sent: 500 })
      expect(tested.bytes).toEqual({ sent: 500 * 1024, received: 0 })
      const [received, twice, order] = await tested.audit()
      // nobody has received them during the load, so the audit does
      expect(received!.status).toBe(settlement === 'at-least-once' ? 'passed' : 'skipped')
      expect(twice).toMatchObject({ status: 'passed', examined: 500 })
      expect(order).toMatchObject({ status: 'passed', examined: 500 })
      await tested.cleanup()
    },
  )

  test.skipIf(skipped).each(['at-least-once', 'at-most-once'])(
    'receive, %s',
    { timeout: startMs },
    async (settlement) => {
      const queue = ownQueue()
      const url = await targets[name]()
      const tested = flow(url, { queue, settlement, preload: 50, pipelining: 4 }, { workload: 'receive' })
      expect(await tested.prepare()).toEqual({ queues: 1, preloaded: 50 })
      expect(await tested.prepare()).toEqual({ queues: 1, preloaded: 0 })
      // more than were there: each is replaced
      expect(countOf(await sendAll(await tested.open(), 300))).toEqual({ received: 300 })
      expect(tested.recorded['time in the queue']).toHaveLength(300)
      expect(tested.bytes).toEqual({ sent: 300 * 1024, received: 300 * 1024 })
      for (const { violations } of await tested.audit()) expect(violations).toBe(0)
      await tested.cleanup()
    },
  )

  test.skipIf(skipped)(
    'one flow sends and another receives, and both are audited together',
    { timeout: startMs },
    async () => {
      const queue = ownQueue()
      const url = await targets[name]()
      const sending = flow(url, { queue, pipelining: 4 }, { workload: 'send', flow: 'sending' })
      const receiving = flow(
        url,
        { queue, pipelining: 4, preload: 0, refill: false },
        { workload: 'receive', flow: 'receiving' },
      )
      await sending.prepare()
      await receiving.prepare()
      const [sender, receiver] = await Promise.all([sending.open(), receiving.open()])
      const [sent, received] = await Promise.all([sendAll(sender, 200), sendAll(receiver, 200)])
      expect(countOf([...sent, ...received])).toEqual({ accepted: 200, received: 200 })
      expect(await sending.audit()).toMatchObject([
        { status: 'passed', examined: 200 },
        { status: 'passed', examined: 200 },
        { status: 'passed', examined: 200 },
      ])
      for (const { status } of await receiving.audit()) expect(status).toBe('skipped')
      await sending.cleanup()
    },
  )

  test.skipIf(skipped)(
    'each of several workers has a queue of its own, and cleanup removes them all',
    { timeout: startMs },
    async () => {
      const queue = ownQueue()
      const url = await targets[name]()
      const workers = [0, 1].map((index) => flow(url, { queue }, { worker: { index, total: 2 } }))
      expect(await workers[0]!.prepare()).toEqual({ queues: 2 })
      for (const worker of workers) {
        expect(countOf(await sendAll(await worker.open(), 20))).toEqual({ received: 20 })
        for (const { status } of await worker.audit()) expect(status).toBe('passed')
      }
      await workers[0]!.cleanup()
      const left = flow(url, { queue: `${queue}.1`, create: false })
      await expect(left.open()).rejects.toThrow(`has no queue ${queue}.1`)
    },
  )

  test.skipIf(skipped)('messages of others are passed over', { timeout: startMs }, async () => {
    const queue = ownQueue()
    const url = await targets[name]()
    const other = flow(url, { queue, preload: 20 }, { workload: 'receive' })
    await other.prepare()
    const tested = flow(url, { queue, create: false })
    expect(countOf(await sendAll(await tested.open(), 10))).toEqual({ received: 10 })
    expect(tested.counters['messages of others']).toBe(20)
    await other.cleanup()
  })

  test.skipIf(skipped)('a queue that is deleted is gone', { timeout: startMs }, async () => {
    const queue = ownQueue()
    const url = await targets[name]()
    const tested = flow(url, { queue })
    await tested.prepare()
    await tested.cleanup()
    // removing what is not there is no error
    await tested.cleanup()
    await expect(flow(url, { queue, create: false }, { workload: 'send' }).open()).rejects.toThrow(
      `has no queue ${queue}`,
    )
  })
})

test.skipIf(withoutRabbit)(
  'a queue of somebody else is neither used nor deleted',
  { timeout: startMs },
  async () => {
    const { url } = await sharedRabbit()
    const queue = ownQueue()
    // as a client of AMQP 1.0 creates one, without our mark
    const { client } = await import('./servers/rabbit.ts')
    const connection = await client(url)
    const sender = connection.open_sender(queue)
    await new Promise((resolve) => sender.once('sendable', resolve))
    const tested = flow(url, { queue, durable: false })
    await expect(tested.prepare()).rejects.toThrow(/is there, and cloudbench did not create it/)
    await expect(tested.cleanup()).rejects.toThrow(/is there, and cloudbench did not create it/)
    // with create: false it can be used
    expect(countOf(await sendAll(await flow(url, { queue, create: false }).open(), 5))).toEqual({
      received: 5,
    })
  },
)

test('a broker that cannot create queues says so', async () => {
  const { createServer } = await import('node:net')
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => socket.end(Buffer.from('AMQP\0\u0001\0\0', 'latin1')))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  const context = {
    options: parse('send', {}),
    target: `amqp://127.0.0.1:${port}`,
    signal: new AbortController().signal,
  }
  await expect(openQueueAdmin(context as never)).rejects.toThrow(/creates no queue for us/)
  server.close()
})
