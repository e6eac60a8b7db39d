import { Shares } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { openClient } from '../../src/client/client.ts'
import { sendOptions } from '../../src/options.ts'
import { scriptedBroker } from '../servers/scripted.ts'

async function opened(target: string, options: object = {}) {
  const shares = new Shares()
  const context = {
    options: sendOptions.parse(options),
    target,
    workload: 'send',
    flow: 'test',
    folder: '.',
    seed: 1,
    worker: { index: 0, total: 1 },
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, warn() {} },
    share: shares.holder(target).share,
  }
  return await openClient(context, { queue: 'test', sends: true, receivers: 1 })
}

test('a connection that breaks before anyone asks has broken all the same', async () => {
  const broker = await scriptedBroker()
  const client = await opened(broker.target)
  broker.connections[0]!.close({ condition: 'amqp:connection:forced', description: 'at once' })
  // by then the driver has heard of it, too
  await expect.poll(() => broker.sockets.size).toBe(0)
  await expect(client.broken).rejects.toMatchObject({ code: 'amqp:connection:forced', message: 'at once' })
})

test.each([
  ['5s', 5_000],
  ['1s', 1_000],
  [0, undefined],
])('heartbeatMs %s: the broker is asked for signs of life', async (heartbeatMs, expected) => {
  const broker = await scriptedBroker()
  const client = await opened(broker.target, { heartbeatMs })
  expect(broker.connections[0]!.idle_time_out ?? undefined).toBe(expected)
  await client.close()
})
