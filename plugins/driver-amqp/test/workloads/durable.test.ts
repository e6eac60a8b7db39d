import type { EventContext, Message } from 'rhea'
import { expect, test } from 'vitest'
import { flow, ownQueue, onEachLane } from '../fixtures/context.ts'
import { client, sharedRabbit, startTimeoutMs, withoutRabbit } from '../servers/rabbit.ts'

onEachLane(() => {
  test.skipIf(withoutRabbit)('messages are durable', { timeout: startTimeoutMs }, async () => {
    const { url } = await sharedRabbit()
    const queue = ownQueue()
    const tested = flow(url, { queue }, { workload: 'send' })
    await tested.prepare()
    const sender = await tested.open()
    await tested.send(sender, 0)
    await tested.send(sender, 1)
    await tested.send(sender, 2)
    const connection = await client(url)
    const messages: Message[] = []
    await new Promise<void>((resolve) => {
      connection.open_receiver({ source: { address: `/amq/queue/${queue}` } })
      connection.on('message', ({ message }: EventContext) => {
        if (messages.push(message!) === 3) resolve()
      })
    })
    expect(messages.every(({ durable }) => durable === true)).toBe(true)
  })
})
