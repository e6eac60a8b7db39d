import { describe, expect, test } from 'vitest'
import { flow, ownQueue, onEachLane } from './fixtures/context.ts'
import { brokers } from './servers/brokers.ts'
import { startTimeoutMs } from './servers/rabbit.ts'

onEachLane(() => {
  describe.each(brokers)('on $name', { timeout: startTimeoutMs }, ({ isMissing, start }) => {
    test.skipIf(isMissing).each(['at-least-once', 'at-most-once'])(
      '%s: the audit receives what was sent',
      async (settlement) => {
        const options = { queue: ownQueue(), settlement, pipelining: 16 }
        const tested = flow(await start(), options, { workload: 'send' })
        await tested.prepare()
        const outcomes = await tested.sendAll(await tested.open(), 500)
        expect(tested.countOf(outcomes)).toEqual(
          settlement === 'at-least-once' ? { accepted: 500 } : { sent: 500 },
        )
        expect(tested.bytes).toEqual({ sent: 500 * 1024, received: 0 })
        expect(await tested.audit()).toMatchObject([
          { status: settlement === 'at-least-once' ? 'passed' : 'skipped' },
          { status: 'passed', examined: 500 },
          { status: 'passed', examined: 500 },
          { name: 'reads return what was written', status: 'passed' },
        ])
        await tested.cleanup()
      },
    )

    test.skipIf(isMissing)('one flow sends, another receives, and the audit covers both', async () => {
      const queue = ownQueue()
      const url = await start()
      const sending = flow(url, { queue, pipelining: 4 }, { workload: 'send', flow: 'sending' })
      const receiving = flow(
        url,
        { queue, pipelining: 4, preload: 0, refill: false },
        { workload: 'receive', flow: 'receiving', shares: sending.shares },
      )
      await sending.prepare()
      await receiving.prepare()
      const [sender, receiver] = await Promise.all([sending.open(), receiving.open()])
      const [sent, received] = await Promise.all([
        sending.sendAll(sender, 200),
        receiving.sendAll(receiver, 200),
      ])
      expect(sending.countOf(sent)).toEqual({ accepted: 200 })
      expect(receiving.countOf(received)).toEqual({ received: 200 })
      expect(await sending.audit()).toMatchObject([
        { status: 'passed', examined: 200 },
        { status: 'passed', examined: 200 },
        { status: 'passed', examined: 200 },
        // the other flow reads
        { name: 'reads return what was written', status: 'skipped' },
      ])
      for (const { name, status } of await receiving.audit())
        expect(status).toBe(name === 'reads return what was written' ? 'passed' : 'skipped')
      await sending.cleanup()
    })
  })
})
