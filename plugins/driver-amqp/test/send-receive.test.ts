import { describe, expect, test } from 'vitest'
import { flow, ownQueue, onEachLane } from './fixtures/context.ts'
import { brokers } from './servers/brokers.ts'
import { startTimeoutMs } from './servers/rabbit.ts'

onEachLane(() => {
  describe.each(brokers)('on $name', { timeout: startTimeoutMs }, ({ isMissing, start }) => {
    test.skipIf(isMissing).each([
      ['at-least-once', true],
      ['at-least-once', false],
      ['at-most-once', false],
    ])('%s, durable: %s: every message comes back to its request', async (settlement, durable) => {
      const options = { queue: ownQueue(), settlement, durable, pipelining: 8, size: '300B' }
      const tested = flow(await start(), options)
      expect(await tested.prepare()).toEqual({ queues: 1 })
      expect(await tested.prepare()).toEqual({ queues: 1 })
      // each may receive what the other has sent
      const connections = await Promise.all([tested.open(0, 2), tested.open(1, 2)])
      expect(connections[0].streams).toBe(8)
      const outcomes = await Promise.all(connections.map((connection) => tested.sendAll(connection, 300)))
      expect(tested.countOf(outcomes.flat())).toEqual({ received: 600 })
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

    test.skipIf(isMissing)('each worker has its own queue, and cleanup deletes all of them', async () => {
      const queue = ownQueue()
      const url = await start()
      const workers = [0, 1].map((index) => flow(url, { queue }, { worker: { index, total: 2 } }))
      expect(await workers[0]!.prepare()).toEqual({ queues: 2 })
      for (const worker of workers) {
        expect(worker.countOf(await worker.sendAll(await worker.open(), 20))).toEqual({ received: 20 })
        for (const { status } of await worker.audit()) expect(status).toBe('passed')
      }
      await workers[0]!.cleanup()
      const left = flow(url, { queue: `${queue}.1`, create: false })
      await expect(left.open()).rejects.toThrow(`has no queue ${queue}.1`)
    })

    test.skipIf(isMissing)('messages of others are counted and ignored', async () => {
      const queue = ownQueue()
      const url = await start()
      const other = flow(url, { queue, preload: 20 }, { workload: 'receive' })
      await other.prepare()
      const tested = flow(url, { queue, create: false })
      expect(tested.countOf(await tested.sendAll(await tested.open(), 10))).toEqual({ received: 10 })
      expect(tested.counters['messages of others']).toBe(20)
      await other.cleanup()
    })
  })

  test('several workers cannot share a queue', async () => {
    const tested = flow('amqp://127.0.0.1:1', { create: false }, { worker: { index: 0, total: 2 } })
    await expect(tested.open()).rejects.toThrow(/2 workers cannot share the queue cloudbench/)
  })
})
