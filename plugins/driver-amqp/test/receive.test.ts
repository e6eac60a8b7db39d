import { describe, expect, test } from 'vitest'
import { flow, ownQueue, onEachLane } from './fixtures/context.ts'
import { brokers } from './servers/brokers.ts'
import { startTimeoutMs } from './servers/rabbit.ts'

onEachLane(() => {
  describe.each(brokers)('on $name', { timeout: startTimeoutMs }, ({ isMissing, start }) => {
    test.skipIf(isMissing).each(['at-least-once', 'at-most-once'])(
      '%s: the queue is filled, and refilled while messages are received',
      async (settlement) => {
        const options = { queue: ownQueue(), settlement, preload: 50, pipelining: 4 }
        const tested = flow(await start(), options, { workload: 'receive' })
        expect(await tested.prepare()).toEqual({ queues: 1, preloaded: 50 })
        expect(await tested.prepare()).toEqual({ queues: 1, preloaded: 0 })
        expect(tested.countOf(await tested.sendAll(await tested.open(), 300))).toEqual({ received: 300 })
        expect(tested.recorded['time in the queue']).toHaveLength(300)
        expect(tested.bytes).toEqual({ sent: 300 * 1024, received: 300 * 1024 })
        for (const { violations } of await tested.audit()) expect(violations).toBe(0)
        await tested.cleanup()
      },
    )
  })
})
