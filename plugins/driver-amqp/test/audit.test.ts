import rhea, { type Connection, type EventContext } from 'rhea'
import { expect, test } from 'vitest'
import { flow, ownQueue } from './fixtures/context.ts'
import { client, sharedRabbit, startTimeoutMs as timeout, withoutRabbit } from './servers/rabbit.ts'

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

/** Puts messages with these bodies into a queue. */
async function put(connection: Connection, queue: string, bodies: readonly Buffer[]): Promise<void> {
  const sender = connection.open_sender(queue)
  await new Promise((resolve) => sender.once('sendable', resolve))
  await new Promise<void>((resolve) => {
    let left = bodies.length
    sender.on('accepted', () => {
      if (--left === 0) resolve()
    })
    for (const body of bodies) sender.send({ body: rhea.message.data_section(body) })
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
    { status: 'failed', examined: 10, violations: 1, message: 'message 4 of sender 0 came after message 5' },
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
