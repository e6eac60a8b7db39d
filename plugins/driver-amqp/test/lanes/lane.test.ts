import { Shares } from '@cloudbench/core/program'
import { importGraph } from '@cloudbench/fixtures/import-graph'
import { expect, test } from 'vitest'
import { openLane, type Lane } from '../../src/lanes/lane.ts'
import { sendOptions } from '../../src/options.ts'
import { createEnvelope } from '../../src/payload/envelope.ts'
import { onEachLane } from '../fixtures/context.ts'
import { scriptedBroker } from '../servers/scripted.ts'

test.each(['index.ts', 'lanes/wire.ts'])(
  'a worker whose client is wire loads neither rhea nor amqplib: %s',
  (entry) => {
    const { packages } = importGraph(new URL(`../../src/${entry}`, import.meta.url))
    expect(packages).toContain('@cloudbench/driver-kit')
    expect(packages.filter((name) => /rhea|amqplib/.test(name))).toEqual([])
  },
)

onEachLane((client) => {
  async function opened(target: string, given: object = {}): Promise<Lane> {
    const shares = new Shares()
    const options = sendOptions.parse({ client, ...given })
    const context = {
      options,
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
    const envelope = createEnvelope(options, { run: 1, track: 0 })
    const listener = { message() {} }
    return await openLane(context, { queue: 'test', envelope, receivers: { count: 1, listener } })
  }

  test('a connection that breaks before anyone asks has broken all the same', async () => {
    const broker = await scriptedBroker()
    const lane = await opened(broker.target)
    broker.connections[0]!.close({ condition: 'amqp:connection:forced', description: 'at once' })
    // by then the driver has heard of it, too
    await expect.poll(() => broker.sockets.size).toBe(0)
    await expect(lane.broken).rejects.toMatchObject({ code: 'amqp:connection:forced', message: 'at once' })
  })

  test.each([
    ['5s', 5_000],
    ['1s', 1_000],
    [0, undefined],
  ])('heartbeatMs %s: the broker is asked for signs of life', async (heartbeatMs, expected) => {
    const broker = await scriptedBroker()
    const lane = await opened(broker.target, { heartbeatMs })
    expect(broker.connections[0]!.idle_time_out ?? undefined).toBe(expected)
    await lane.close()
  })
})
