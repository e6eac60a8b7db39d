import { openFlow } from '@cloudbench/testkit/flow'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { httpServer } from './servers/http.ts'

test('it is the default workload', () => {
  expect(Object.keys(driver.workloads!)).toEqual(['json-api', 'request'])
})

test('it posts a random id to /v1/data, which the loopback server echoes', async () => {
  const server = await driver.loopback!({})
  onTestFinished(() => server.close())
  const flow = openFlow(driver, server.target, { expect: { body: { contains: '"ok":true' } } })
  const outcomes = await flow.sendAll(await flow.open(), 10)
  expect(flow.countOf(outcomes)).toEqual({ 200: 10 })
  const size = '{"id":"00000000-0000-4000-8000-000000000000"}'.length
  expect(flow.bytes).toEqual({ sent: 10 * size, received: 10 * (size + ',"ok":true'.length) })
})

test('the same seed sends the same requests', async () => {
  const server = await httpServer()
  for (let run = 0; run < 2; run++) {
    const flow = openFlow(driver, server.target, {}, { seed: 42 })
    await flow.sendAll(await flow.open(), 3)
  }
  const bodies = server.seen.map(({ body }) => body)
  expect(bodies.slice(3)).toEqual(bodies.slice(0, 3))
  expect(new Set(bodies).size).toBe(3)
})
