import { testTrace } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { withoutKafka } from './servers/kafka.ts'
import { lanes } from './servers/lanes.ts'
import { readAll, sharedKafka, topicFlows } from './servers/shared.ts'

const count = 500
const expected = new Set(Array.from({ length: count }, (_, index) => testTrace.traceparent(index)))

describe.skipIf(withoutKafka).each(lanes)('kafka, by %s', (client) => {
  const broker = sharedKafka()
  const given = { trace: testTrace }

  test.each([
    ['produce', { compression: 'none', valueSize: '100B' }],
    ['produce', { compression: 'gzip', valueSize: '100B', batchSize: '1KB' }],
    ['roundtrip', {}],
  ])('an ordinary consumer reads the trace context of each message: %s, %j', async (workload, options) => {
    const prepared = topicFlows(
      `trace-${workload}-${JSON.stringify(options).length}`,
      broker.url,
      workload,
      client,
    )
    const { topic, open, sendAll, audit } = await prepared(options, given)
    const outcomes = await sendAll(await open(), count)
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    const stored = await readAll(broker.kafka, topic, count)
    expect(new Set(stored.map(({ traceparent }) => traceparent))).toEqual(expected)
    for (const finding of await audit()) expect(finding).toMatchObject({ status: 'passed', violations: 0 })
  })

  test('without a trace context, messages have no headers', async () => {
    const { topic, open, sendAll } = await topicFlows('untraced', broker.url, 'produce', client)()
    await sendAll(await open(), 10)
    const stored = await readAll(broker.kafka, topic, 10)
    expect(stored.map(({ traceparent }) => traceparent)).toEqual(Array.from({ length: 10 }, () => undefined))
  })
})
