import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { flow, loopback, ownQueue, sendAndCount, onEachLane } from './fixtures/context.ts'

async function prepared(url: string, options: Record<string, unknown> = {}) {
  const tested = flow(url, { queue: ownQueue(), pipelining: 10, ...options }, { workload: 'send' })
  await tested.prepare()
  return tested
}

onEachLane(() => {
  test('failureRate: exactly that share is rejected, and the audit does not count those', async () => {
    const tested = await prepared(await loopback({ failureRate: 0.5 }))
    const outcomes = await tested.sendAll(await tested.open(), 200)
    // adjacent messages end differently: a client that mixed them up would get other counts
    expect(tested.countOf(outcomes)).toEqual({ accepted: 100, 'amqp:internal-error': 100 })
    for (const { name, ok } of outcomes) expect(ok).toBe(name === 'accepted')
    expect(await tested.audit()).toMatchObject([
      { status: 'passed', examined: 100 },
      { status: 'passed', examined: 100 },
      { status: 'passed', examined: 100 },
      { status: 'passed', examined: 100 },
    ])
  })

  test.each([
    { delayMs: 3_600_000 },
    { capacityPerSecond: 0.001 },
    { stall: { afterMs: 0, stallMs: 3_600_000 } },
  ])('%j: no message is settled before its time', async (behaviour) => {
    const tested = await prepared(await loopback(behaviour))
    const connection = await tested.open()
    const answers = sendAndCount(tested, connection, 10)
    // a handshake takes several round trips, and is not held back
    await tested.open()
    expect(answers.ended).toBe(0)
  })

  test('it ends with its connections, and requests in flight fail', async () => {
    const { target, close } = await driver.loopback!({ delayMs: 3_600_000 })
    const tested = await prepared(target)
    const connection = await tested.open()
    const answers = Array.from({ length: 10 }, () => tested.send(connection).catch((error: unknown) => error))
    await close()
    await close()
    for (const failure of await Promise.all(answers))
      expect(failure).toMatchObject({ code: expect.stringMatching(/CLOSED|RESET|EPIPE/) })
    await expect(tested.open()).rejects.toThrow(/nothing listens/)
  })
})
