import { tcpServer, type TcpServer } from '@cloudbench/fixtures/tcp-server'
import { startProxy, type Proxy } from '@cloudbench/testkit/proxy'
import rhea, { type Receiver, type Sender } from 'rhea'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { flow, loopback, ownQueue, sendAndCount, onEachLane } from './fixtures/context.ts'
import {
  sharedRabbit,
  startRabbit,
  startTimeoutMs as timeout,
  withoutRabbit,
  type Rabbit,
} from './servers/rabbit.ts'
import { scriptedBroker, type Scripted } from './servers/scripted.ts'

const workloads = ['send', 'receive', 'send-receive'] as const

onEachLane(() => {
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
      // its database may have the queue in a log that it has not finished
      await rabbit.ctl('eval', 'mnesia:dump_log().')
      await rabbit.kill()
      await streams
      expect(failures).toHaveLength(16)
      for (const failure of failures)
        expect(failure).toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET|EPIPE/) })
      await expect(tested.send(connection)).rejects.toBeDefined()
      await connection.close()
      await expect(tested.open()).rejects.toThrow(/nothing listens/)

      await rabbit.start()
      // it may listen before it has found all its queues again
      const again = await vi.waitFor(() => tested.open(), { timeout })
      expect(tested.countOf(await tested.sendAll(again, 200))).toEqual({ received: 200 })
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
    container.on('receiver_open', ({ receiver }) =>
      receiver!.set_target({ address: receiver!.target.address }),
    )
    container.on('sender_open', ({ sender }) => sender!.set_source(sender!.source))
    for (const event of ['disconnected', 'connection_close', 'message', 'error'])
      container.on(event, () => {})
    return await tcpServer('amqp', (socket) => {
      const connection = container.create_connection({
        receiver_options: { autoaccept: false, credit_window: 100 },
      } as never) as unknown as { accept(socket: unknown): void; close(): void; on_close(): void }
      // not even a close is answered
      connection.on_close = () => {}
      connection.accept(socket)
    })
  }

  test.each(workloads)(
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

  const reason = { condition: 'amqp:connection:forced', description: 'closed by an operator' }

  const ends = {
    close: ({ connections: [connection] }: Scripted) => connection!.close(reason),
    detach: ({ connections: [connection] }: Scripted) => {
      connection!.each_link((link: Sender | Receiver) => link.close(reason))
    },
    'detach without an error': ({ connections: [connection] }: Scripted) => {
      connection!.each_link((link: Sender | Receiver) => link.close())
    },
    'end of the session': ({ connections: [connection] }: Scripted) => {
      connection!.each_link(({ session }: Sender | Receiver) => session.close(reason))
    },
    cut: ({ sockets }: Scripted) => {
      for (const socket of sockets) socket.destroy()
    },
  } as const

  test.each(
    workloads.flatMap((workload) =>
      (Object.keys(ends) as (keyof typeof ends)[]).map((end) => [workload, end] as const),
    ),
  )('%s: an idle connection that ends by %s is reported at once', async (workload, end) => {
    const broker = await scriptedBroker()
    const tested = flow(broker.target, { create: false }, { workload })
    const connection = await tested.open()
    ends[end](broker)
    expect(await tested.lost(connection)).toMatchObject({
      code: ['close', 'detach', 'end of the session'].includes(end)
        ? reason.condition
        : expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/),
    })
  })

  /** A proxy before a broker, until the end of the test. */
  async function proxied(broker: string): Promise<{ readonly proxy: Proxy; readonly target: string }> {
    const proxy = await startProxy()
    onTestFinished(() => proxy.close())
    return { proxy, target: proxy.leadTo(broker)! }
  }

  test.each(workloads)('%s: a broker that falls silent is given up, and others are not', async (workload) => {
    const broker = await loopback()
    const { proxy, target } = await proxied(broker)
    const options = { queue: ownQueue(), heartbeatMs: '1s' }
    const healthy = flow(broker, options, { workload })
    await healthy.prepare()
    // first, so that without heartbeats it would be the first to be lost
    const connection = await healthy.open()
    let isLost = false
    void healthy.lost(connection).then(() => (isLost = true))
    const tested = flow(target, options, { workload })
    const idle = await tested.open()
    proxy.answers.hold()
    expect(await tested.lost(idle)).toMatchObject({ code: 'SILENT' })
    expect(isLost).toBe(false)
    expect(await healthy.send(connection)).toMatchObject({ ok: true })
  })

  describe.skipIf(withoutRabbit)('a real broker ends idle connections', { timeout }, () => {
    let rabbit: Rabbit | undefined
    beforeAll(async () => {
      rabbit = await startRabbit()
    }, timeout)
    afterAll(() => rabbit?.end())

    const opened = async (workload: (typeof workloads)[number], options: object = {}) => {
      const queue = ownQueue()
      const { proxy, target } = await proxied(rabbit!.url)
      const tested = flow(target, { queue, ...options }, { workload })
      await tested.prepare()
      const before = proxy.accepted
      const connection = await tested.open()
      return { tested, queue, connection, accepted: () => proxy.accepted - before }
    }

    test.each(workloads)(
      '%s: close_all_connections, and what was opened is what it accepted',
      async (workload) => {
        const { tested, connection, accepted } = await opened(workload)
        expect(await tested.send(connection)).toMatchObject({ ok: true })
        await rabbit!.ctl('close_all_connections', 'operator says so')
        expect(await tested.lost(connection)).toMatchObject({
          code: 'amqp:connection:forced',
          message: 'operator says so (320)',
        })
        await connection.close()
        expect(await tested.send(await tested.open())).toMatchObject({ ok: true })
        expect(tested.sockets).toEqual({ opened: 2, open: 1 })
        expect(accepted()).toBe(2)
      },
    )

    test.each(workloads)('%s: the same under load ends every request, and none hangs', async (workload) => {
      const { tested, connection } = await opened(workload, { pipelining: 8 })
      let answered = 0
      const end = { isLost: false }
      void tested.lost(connection).then(() => (end.isLost = true))
      const failures: unknown[] = []
      const stream = async (): Promise<void> => {
        while (!end.isLost)
          try {
            await tested.send(connection)
            answered++
          } catch (error) {
            failures.push(error)
          }
      }
      const streams = Promise.all(Array.from({ length: 8 }, stream))
      await expect.poll(() => answered, { timeout }).toBeGreaterThan(100)
      await rabbit!.ctl('close_all_connections', 'operator says so')
      await streams
      for (const error of failures)
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(amqp:connection:forced|CONNECTION_CLOSED|ECONNRESET|EPIPE)$/),
        })
      await connection.close()
      const again = await tested.open()
      expect((await tested.sendAll(again, 20)).every(({ ok }) => ok)).toBe(true)
    })

    test.each(['receive', 'send-receive'] as const)('%s: the queue is deleted', async (workload) => {
      const { tested, queue, connection } = await opened(workload)
      await rabbit!.ctl('delete_queue', queue)
      await tested.lost(connection)
      await connection.close()
      await expect(tested.open()).rejects.toThrow(`has no queue ${queue}`)
      await tested.prepare()
      expect(await tested.send(await tested.open())).toMatchObject({ ok: true })
    })

    test('it is restarted', async () => {
      const all = await Promise.all(workloads.map((workload) => opened(workload)))
      await rabbit!.stop()
      for (const { tested, connection } of all) {
        await tested.lost(connection)
        await connection.close()
        await expect(tested.open()).rejects.toMatchObject({ code: 'CB_CONNECT' })
      }
      await rabbit!.start()
      for (const { tested } of all) {
        expect(await tested.send(await tested.open())).toMatchObject({ ok: true })
        expect(tested.sockets).toEqual({ opened: 2, open: 1 })
      }
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
})
