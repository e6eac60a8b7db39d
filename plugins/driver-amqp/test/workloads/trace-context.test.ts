import type { EventContext, Message } from 'rhea'
import { expect, test } from 'vitest'
import { flow, ownQueue } from '../fixtures/context.ts'
import { client, sharedRabbit, startTimeoutMs, withoutRabbit } from '../servers/rabbit.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test.skipIf(withoutRabbit)(
  'the trace context is an application property',
  { timeout: startTimeoutMs },
  async () => {
    const { url } = await sharedRabbit()
    const queue = ownQueue()
    const tested = flow(url, { queue }, { workload: 'send' })
    await tested.prepare()
    const sender = await tested.open()
    await tested.send(sender, 0, traceparent)
    await tested.send(sender, 1)
    await tested.send(sender, 2, traceparent)
    const connection = await client(url)
    const messages: Message[] = []
    await new Promise<void>((resolve) => {
      connection.open_receiver({ source: { address: `/amq/queue/${queue}` } })
      connection.on('message', ({ message }: EventContext) => {
        if (messages.push(message!) === 3) resolve()
      })
    })
    expect(messages.map((message) => message.application_properties?.['traceparent'])).toEqual([
      traceparent,
      undefined,
      traceparent,
    ])
    expect(messages.every(({ durable }) => durable === true)).toBe(true)
  },
)
