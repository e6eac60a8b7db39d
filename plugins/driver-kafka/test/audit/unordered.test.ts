import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'

const order = 'messages are stored in the order they were sent'

async function orderFinding(options: Readonly<Record<string, unknown>>) {
  const { target } = await loopbackServer(driver)
  const flow = openFlow(driver, target, { client: 'kafkajs', lingerMs: 0, batchSize: '3000B', ...options })
  await flow.prepare()
  expect(flow.countOf(await flow.sendAll(await flow.open(), 2_000))).toEqual({ stored: 2_000 })
  return (await flow.audit()).find(({ name }) => name === order)
}

test('where a client library keeps no order, the audit does not examine it, and says what would', async () => {
  for (const idempotent of [false, true])
    expect(await orderFinding({ idempotent })).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('options.batchesInFlight 1') as string,
    })
})

test('with one batch in flight, it does', async () => {
  expect(await orderFinding({ batchesInFlight: 1 })).toMatchObject({ status: 'passed', examined: 2_000 })
})
