import rhea, { type Connection, type EventContext } from 'rhea'
import { expect, test } from 'vitest'
import { flow, ownQueue, onEachLane } from './fixtures/context.ts'
import { client, sharedRabbit, startTimeoutMs as timeout, withoutRabbit } from './servers/rabbit.ts'
import { scriptedBroker } from './servers/scripted.ts'

const data = (body: Buffer): unknown => rhea.message.data_section(body)

/** Takes messages out of a queue, as another client would. */
async function take(connection: Connection, queue: string, count: number): Promise<readonly Buffer[]> {
  const receiver = connection.open_receiver({ source: { address: queue }, credit_window: 0 })
  const bodies: Buffer[] = []
  await new Promise<void>((resolve) => {
    receiver.on('message', ({ message }: EventContext) => {
      bodies.push((message!.body as { readonly content: Buffer }).content)
      if (bodies.length === count) resolve()
    })
    receiver.add_credit(count)
  })
  const closed = new Promise((resolve) => receiver.once('receiver_close', resolve))
  receiver.close()
  await closed
  return bodies
}

/** Puts messages with these bodies into a queue, as data or in a section of another type. */
async function put(
  connection: Connection,
  queue: string,
  bodies: readonly Buffer[],
  asBody: (body: Buffer) => unknown = data,
): Promise<void> {
  const sender = connection.open_sender(queue)
  await new Promise((resolve) => sender.once('sendable', resolve))
  await new Promise<void>((resolve) => {
    let left = bodies.length
    sender.on('accepted', () => {
      if (--left === 0) resolve()
    })
    for (const body of bodies) sender.send({ body: asBody(body) })
  })
}

/** A queue of ten messages that were sent and acknowledged. */
async function sentTen() {
  const { url } = await sharedRabbit()
  const queue = ownQueue()
  const tested = flow(url, { queue }, { workload: 'send' })
  await tested.prepare()
  expect(tested.countOf(await tested.sendAll(await tested.open(), 10))).toEqual({ accepted: 10 })
  // this form of address does not declare the queue, which has an expiry
  return { tested, connection: await client(url), address: `/amq/queue/${queue}` }
}

onEachLane(() => {
  test.skipIf(withoutRabbit)('a lost message is found', { timeout }, async () => {
    const { tested, connection, address } = await sentTen()
    await take(connection, address, 2)
    expect(await tested.audit()).toMatchObject([
      { status: 'failed', examined: 10, violations: 2, message: '2 acknowledged messages are gone' },
      { status: 'passed' },
      { status: 'passed' },
      { status: 'passed', examined: 8 },
    ])
  })

  test.skipIf(withoutRabbit)('a duplicate is found', { timeout }, async () => {
    const { tested, connection, address } = await sentTen()
    const bodies = await take(connection, address, 10)
    await put(connection, address, [...bodies, bodies[9]!])
    expect(await tested.audit()).toMatchObject([
      { status: 'passed', examined: 10 },
      { status: 'failed', examined: 10, violations: 1, message: 'message 10 of sender 0 came twice' },
      { status: 'passed' },
      { status: 'passed', examined: 11 },
    ])
  })

  test.skipIf(withoutRabbit)('messages out of order are found', { timeout }, async () => {
    const { tested, connection, address } = await sentTen()
    const bodies = await take(connection, address, 10)
    await put(connection, address, [...bodies.slice(0, 3), bodies[4]!, bodies[3]!, ...bodies.slice(5)])
    expect(await tested.audit()).toMatchObject([
      { status: 'passed' },
      { status: 'passed' },
      {
        status: 'failed',
        examined: 10,
        violations: 1,
        message: 'message 4 of sender 0 came after message 5',
      },
      { status: 'passed', examined: 10 },
    ])
  })

  test.skipIf(withoutRabbit)('a body that is not what was sent is found', { timeout }, async () => {
    const { tested, connection, address } = await sentTen()
    const bodies = await take(connection, address, 10)
    bodies[6]![500]! ^= 1
    await put(connection, address, bodies)
    expect(await tested.audit()).toMatchObject([
      { status: 'passed', examined: 10 },
      { status: 'passed', examined: 10 },
      { status: 'passed', examined: 10 },
      {
        name: 'reads return what was written',
        status: 'failed',
        examined: 10,
        violations: 1,
        message: 'message 7 of sender 0 has another body than was sent',
      },
    ])
  })

  test.skipIf(withoutRabbit).each<[string, string, (body: Buffer) => unknown]>([
    ['cut short', 'message 1 of sender 0 has 100 B instead of 1024 B', (body) => data(body.subarray(0, 100))],
    [
      'longer',
      'message 1 of sender 0 has 1025 B instead of 1024 B',
      (body) => data(Buffer.concat([body, Buffer.of(0)])),
    ],
    ['of another type', 'message 1 of sender 0 has a body of another type than was sent', (body) => body],
    ['without its header', 'a message of 10 B was never sent', (body) => data(body.subarray(0, 10))],
    ['a number', 'a message without bytes was never sent', () => 12],
  ])('a body that is %s is found', { timeout }, async (_, message, asBody) => {
    const { tested, connection, address } = await sentTen()
    const [first, ...rest] = await take(connection, address, 10)
    await put(connection, address, [first!], asBody)
    await put(connection, address, rest)
    expect((await tested.audit()).at(-1)).toEqual({
      name: 'reads return what was written',
      status: 'failed',
      examined: 10,
      violations: 1,
      message,
    })
  })

  test.each<[string, RegExp, (body: Buffer) => unknown]>([
    [
      'cut short',
      /^message \d of sender 0 has 600 B instead of 1024 B$/,
      (body) => data(body.subarray(0, 600)),
    ],
    ['damaged', /has another body than was sent$/, (body) => data(body.fill(0, 500, 501))],
    [
      'in two parts',
      /has a body of another type than was sent$/,
      (body) => rhea.message.data_sections([body.subarray(0, 99), body.subarray(99)]),
    ],
  ])('a body that comes back %s during the load is found', async (_, message, change) => {
    const broker = await scriptedBroker({
      echo: ({ body }) => ({ body: change((body as { readonly content: Buffer }).content) }),
    })
    const tested = flow(broker.target, { create: false })
    expect(tested.countOf(await tested.sendAll(await tested.open(), 5))).toEqual({ received: 5 })
    expect((await tested.audit()).at(-1)).toMatchObject({
      status: 'failed',
      examined: 5,
      violations: 5,
      message: expect.stringMatching(message) as string,
    })
  })

  test.skipIf(withoutRabbit)(
    'a delivery that the broker marks as redelivered is no duplicate',
    { timeout },
    async () => {
      const { tested, connection, address } = await sentTen()
      const receiver = connection.open_receiver({ source: { address }, credit_window: 0, autoaccept: false })
      await new Promise((resolve) => {
        receiver.once('message', resolve)
        receiver.add_credit(10)
      })
      const released = new Promise((resolve) => connection.once('connection_close', resolve))
      // not accepted, so they return to the queue, marked
      connection.close()
      await released
      for (const finding of await tested.audit())
        expect(finding).toMatchObject({ status: 'passed', examined: 10 })
    },
  )

  test.skipIf(withoutRabbit)(
    'a queue that the driver did not create is not emptied, and nothing in it counts as lost',
    { timeout },
    async () => {
      const { url } = await sharedRabbit()
      const queue = ownQueue()
      const connection = await client(url)
      await put(connection, queue, [Buffer.from('not ours')])
      const tested = flow(url, { queue, create: false }, { workload: 'send' })
      await tested.sendAll(await tested.open(), 5)
      const findings = await tested.audit()
      expect(findings[0]).toMatchObject({ status: 'skipped', examined: 0, violations: 0 })
      expect(findings).toContainEqual({
        name: 'acknowledged messages are received before the audit',
        status: 'skipped',
        examined: 0,
        violations: 0,
        message: expect.stringMatching(/^5 acknowledged .* cloudbench did not create it$/) as string,
      })
      expect((await take(connection, queue, 6))[0]!.toString()).toBe('not ours')
    },
  )

  test('without messages every finding is skipped', async () => {
    const tested = flow('amqp://127.0.0.1:1', { queue: ownQueue() })
    for (const { status } of await tested.audit()) expect(status).toBe('skipped')
  })
})
