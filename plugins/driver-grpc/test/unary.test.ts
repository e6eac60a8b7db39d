import { openFlow } from '@cloudbench/testkit/flow'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'

test('it is the default workload', () => {
  expect(Object.keys(driver.workloads!)).toEqual(['unary', 'stream', 'json'])
})

test('the driver runs against its loopback server', async () => {
  const loopback = await driver.loopback!({})
  onTestFinished(() => loopback.close())
  const flow = openFlow(driver, loopback.target, {
    message: { name: 'shelves/${int:1:9}/books/${uuid}' },
    expect: { echo: { name: 'name' } },
  })
  const connection = await flow.open()
  const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => flow.send(connection, index)))
  expect(new Set(outcomes.map(({ name }) => name))).toEqual(new Set(['OK']))
  expect(flow.bytes.sent).toBe(50 * 54)
})
