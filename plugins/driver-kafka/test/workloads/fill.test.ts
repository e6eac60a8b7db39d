import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'

const wanted = { topic: 't', messages: 100, partitions: 2, valueSize: '100B', compression: 'gzip' }

test('a topic is filled once, and filled up when there are too few messages', async () => {
  const { target } = await loopbackServer(driver)
  const prepare = (messages: number) =>
    openFlow(driver, target, { ...wanted, messages }, { workload: 'consume' }).prepare()
  expect(await prepare(100)).toMatchObject({ created: true, messages: 100, filled: 100 })
  expect(await prepare(100)).toMatchObject({ created: 'before', messages: 100, filled: 0 })
  expect(await prepare(150)).toMatchObject({ created: 'before', messages: 150, filled: 50 })
  expect(await prepare(100)).toMatchObject({ created: 'before', messages: 150, filled: 0 })
})

test.each([{ valueSize: '200B' }, { compression: 'none' }, { partitions: 3 }, { replication: 2 }])(
  'what an earlier run has left is replaced when now it is to be %j',
  async (change) => {
    const { target } = await loopbackServer(driver)
    const prepare = (options: Record<string, unknown>) =>
      openFlow(driver, target, options, { workload: 'consume' }).prepare()
    await prepare(wanted)
    expect(await prepare({ ...wanted, ...change })).toMatchObject({
      created: true,
      messages: 100,
      filled: 100,
    })
  },
)

test('what a producer has left is replaced as well', async () => {
  const { target } = await loopbackServer(driver)
  const producer = openFlow(driver, target, { topic: 't' })
  await producer.prepare()
  await producer.sendAll(await producer.open(), 200)
  const { partitions: _, ...consumer } = wanted
  expect(await openFlow(driver, target, consumer, { workload: 'consume' }).prepare()).toMatchObject({
    created: true,
    messages: 100,
    filled: 100,
  })
})
