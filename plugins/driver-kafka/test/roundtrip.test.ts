import { describe, expect, test } from 'vitest'
import { withoutKafka } from './servers/kafka.ts'
import { lanes } from './servers/lanes.ts'
import { sharedKafka, topicFlows } from './servers/shared.ts'

describe.skipIf(withoutKafka).each(lanes)('kafka, by %s', (client) => {
  const broker = sharedKafka()
  const prepared = topicFlows('roundtrip', broker.url, 'roundtrip', client)

  test('messages are written and read back, each by its own connection', async () => {
    const { open, audit, bytes, sendAll, countOf } = await prepared({ inFlight: 8, partitions: 2 })
    const connections = await Promise.all([0, 1, 2].map((index) => open(index, 3)))
    for (const outcomes of await Promise.all(connections.map((connection) => sendAll(connection, 300))))
      expect(countOf(outcomes)).toEqual({ received: 300 })
    expect(bytes).toEqual({ sent: 900_000, received: 900_000 })
    for (const finding of await audit())
      expect(finding).toMatchObject({ status: 'passed', examined: 900, violations: 0 })
  })

  test('a refused message is not awaited', async () => {
    const { open, send } = await prepared({ valueSize: '2MB' })
    expect(await send(await open())).toMatchObject({
      name: 'MESSAGE_TOO_LARGE',
      ok: false,
      operation: 'roundtrip',
    })
  })
})
