import { expect, test } from 'vitest'
import { countOf, flow, loopback, ownQueue, send, sendAll } from './fixtures/context.ts'

async function prepared(url: string, options: Record<string, unknown> = {}) {
  const tested = flow(url, { queue: ownQueue(), pipelining: 10, ...options }, { workload: 'send' })
  await tested.prepare()
  return tested
}

test('failureRate: exactly that share is rejected, and the audit does not count those', async () => {
  const tested = await prepared(await loopback({ failureRate: 0.5 }))
  const outcomes = await sendAll(await tested.open(), 200)
  // adjacent messages end differently: a client that mixed them up would get other counts
  expect(countOf(outcomes)).toEqual({ accepted: 100, 'amqp:internal-error': 100 })
  for (const { name, ok } of outcomes) expect(ok).toBe(name === 'accepted')
  expect(await tested.audit()).toMatchObject([
    { status: 'passed', examined: 100 },
    { status: 'passed', examined: 100 },
    { status: 'passed', examined: 100 },
  ])
})

test('answers take as long as asked for', async () => {
  const tested = flow(await loopback({ delayMs: 30 }), { queue: ownQueue() })
  await tested.prepare()
  const connection = await tested.open()
  for (let request = 0; request < 3; request++) await send(connection)
  for (const valueNs of tested.recorded['sent to settled']!) expect(valueNs).toBeGreaterThan(29e6)
})

test('it serves no more than asked for', async () => {
  const tested = await prepared(await loopback({ capacityPerSecond: 200 }))
  const startMs = performance.now()
  await sendAll(await tested.open(), 60)
  expect(performance.now() - startMs).toBeGreaterThan(280)
})

test('it dies when told to, and what was in flight fails', async () => {
  const tested = await prepared(await loopback({ delayMs: 60_000, dieAfterMs: 300 }))
  const connection = await tested.open()
  const failures = await Promise.all(
    Array.from({ length: 10 }, () => send(connection).catch((error: unknown) => error)),
  )
  for (const failure of failures)
    expect(failure).toMatchObject({ code: expect.stringMatching(/CLOSED|RESET/) })
  await expect(tested.open()).rejects.toThrow(/nothing listens/)
})
