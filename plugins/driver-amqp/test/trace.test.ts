import { testTrace } from '@cloudbench/testkit/flow'
import type { EventContext } from 'rhea'
import { describe, expect, test } from 'vitest'
import { flow, onEachLane, ownQueue } from './fixtures/context.ts'
import { brokers } from './servers/brokers.ts'
import { client, sharedRabbit, startTimeoutMs, withoutRabbit } from './servers/rabbit.ts'

/** The application properties of the messages in a queue, as an ordinary client reads them. */
async function propertiesIn(url: string, queue: string, count: number): Promise<readonly unknown[]> {
  const connection = await client(url)
  const receiver = connection.open_receiver({ source: { address: `/amq/queue/${queue}` } })
  const seen: unknown[] = []
  await new Promise<void>((resolve) => {
    receiver.on('message', ({ message }: EventContext) => {
      if (seen.push(message!.application_properties) === count) resolve()
    })
  })
  return seen
}

onEachLane(() => {
  test.skipIf(withoutRabbit).for([
    ['at-least-once', true, '100B'],
    ['at-most-once', false, '100B'],
    ['at-least-once', false, '200KB'],
  ] as const)(
    'RabbitMQ keeps the trace context of each message: %s, durable: %s, %s',
    { timeout: startTimeoutMs },
    async ([settlement, durable, size]) => {
      const { url } = await sharedRabbit()
      const options = { queue: ownQueue(), settlement, durable, size, pipelining: 8 }
      const tested = flow(url, options, { workload: 'send', trace: testTrace })
      await tested.prepare()
      const connection = await tested.open()
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) => tested.send(connection, 1_000 + index)),
      )
      expect(outcomes.every(({ ok }) => ok)).toBe(true)
      // in the order in which they were sent
      expect(await propertiesIn(url, options.queue, 20)).toEqual(
        Array.from({ length: 20 }, (_, index) => ({ traceparent: testTrace.traceparent(1_000 + index) })),
      )
      await tested.cleanup()
    },
  )

  test.skipIf(withoutRabbit)(
    'without a trace context, messages have no properties',
    { timeout: startTimeoutMs },
    async () => {
      const { url } = await sharedRabbit()
      const options = { queue: ownQueue() }
      const tested = flow(url, options, { workload: 'send' })
      await tested.prepare()
      await tested.send(await tested.open())
      expect(await propertiesIn(url, options.queue, 1)).toEqual([undefined])
      await tested.cleanup()
    },
  )

  describe.each(brokers)('on $name', { timeout: startTimeoutMs }, ({ isMissing, start }) => {
    test.skipIf(isMissing)('messages with a trace context come back as they were sent', async () => {
      const tested = flow(await start(), { queue: ownQueue(), pipelining: 8 }, { trace: testTrace })
      await tested.prepare()
      expect(tested.countOf(await tested.sendAll(await tested.open(), 100))).toEqual({ received: 100 })
      for (const { status } of await tested.audit()) expect(status).toBe('passed')
      await tested.cleanup()
    })
  })
})
