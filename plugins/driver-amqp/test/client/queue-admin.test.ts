import { createRequire } from 'node:module'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { describe, expect, test } from 'vitest'
import { flow, loopback, ownQueue } from '../fixtures/context.ts'
import { brokers } from '../servers/brokers.ts'
import { client, sharedRabbit, startTimeoutMs, withoutRabbit } from '../servers/rabbit.ts'

const loaded = (): readonly string[] =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('/amqplib/'))

// first: later tests load it
test('amqplib is loaded when a queue is created, and not before', async () => {
  const url = await loopback()
  await flow(url, { create: false }).prepare()
  expect(loaded()).toEqual([])
  await flow(url, { queue: ownQueue() }).prepare()
  expect(loaded()).not.toEqual([])
})

describe.each(brokers)('on $name', { timeout: startTimeoutMs }, ({ isMissing, start }) => {
  test.skipIf(isMissing)('cleanup deletes the queue, and may run again', async () => {
    const queue = ownQueue()
    const url = await start()
    const tested = flow(url, { queue })
    await tested.prepare()
    await tested.cleanup()
    await tested.cleanup()
    await expect(flow(url, { queue, create: false }, { workload: 'send' }).open()).rejects.toThrow(
      `has no queue ${queue}`,
    )
  })
})

test.skipIf(withoutRabbit)(
  'a queue that the driver did not create is neither used nor deleted',
  { timeout: startTimeoutMs },
  async () => {
    const { url } = await sharedRabbit()
    const queue = ownQueue()
    // created by an AMQP 1.0 client, so without the expiry that marks ours
    const connection = await client(url)
    const sender = connection.open_sender(queue)
    await new Promise((resolve) => sender.once('sendable', resolve))
    const tested = flow(url, { queue, durable: false })
    await expect(tested.prepare()).rejects.toThrow(/exists, and cloudbench did not create it/)
    await expect(tested.cleanup()).rejects.toThrow(/exists, and cloudbench did not create it/)
    // create: false uses it
    const using = flow(url, { queue, create: false })
    expect(using.countOf(await using.sendAll(await using.open(), 5))).toEqual({ received: 5 })
  },
)

test('a broker without AMQP 0-9-1 cannot create queues', async () => {
  const { target } = await tcpServer('amqp', (socket) => {
    socket.on('data', () => socket.end(Buffer.from('AMQP\0\u0001\0\0', 'latin1')))
  })
  await expect(flow(target).prepare()).rejects.toThrow(/does not speak AMQP 0-9-1/)
})
