import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { requestFlow } from './fixtures/flow.ts'

async function start(options: LoopbackOptions = {}): Promise<Loopback> {
  const loopback = await driver.loopback!(options)
  onTestFinished(() => loopback.close())
  return loopback
}

test('listens on 127.0.0.1 and answers JSON with the id that was sent', async () => {
  const { target } = await start()
  expect(target).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const response = await fetch(`${target}/v1/data`, { method: 'POST', body: '{"id":"42"}' })
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual({ id: '42', ok: true })
})

test.for([
  ['GET', undefined],
  ['POST', 'not JSON'],
  ['POST', 'null'],
  ['PUT', '[1]'],
])('%s with %s is answered too', async ([method, body]) => {
  const { target } = await start()
  const response = await fetch(`${target}/anything`, { method: method!, ...(body !== undefined && { body }) })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ ok: true })
})

test('failures are answers with status 500', async () => {
  const { target } = await start({ failureRate: 0.25 })
  const flow = requestFlow(target)
  const connection = await flow.open()
  const names: string[] = []
  for (let index = 0; index < 8; index++) names.push((await flow.send(connection)).name)
  expect(names).toEqual(['200', '200', '200', '500', '200', '200', '200', '500'])
})

test('a delay is at least as long as requested', async () => {
  const { target } = await start({ delayMs: 30 })
  const flow = requestFlow(target)
  const connection = await flow.open()
  const startMs = performance.now()
  await flow.send(connection)
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(29)
})

test('a server that dies ends requests in flight and accepts no more', async () => {
  const { target } = await start({ dieAfterRequests: 0 })
  const flow = requestFlow(target)
  const connection = await flow.open()
  await expect(flow.send(connection)).rejects.toMatchObject({
    code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) as string,
  })
  await expect(requestFlow(target).open()).rejects.toMatchObject({ code: 'CB_CONNECT' })
})

test('close ends open connections and can be called again', async () => {
  const loopback = await start({ delayMs: 60_000 })
  const flow = requestFlow(loopback.target)
  const connection = await flow.open()
  const waiting = flow.send(connection)
  const [, answer] = await Promise.allSettled([loopback.close(), waiting])
  expect(answer.status).toBe('rejected')
  await loopback.close()
})

test('a port in use is refused', async () => {
  const { target } = await start()
  const port = Number(new URL(target).port)
  await expect(start({ port })).rejects.toMatchObject({ code: 'CB_TARGET' })
})

test.for([
  [{ capacityPerSecond: 0 }, 'a capacityPerSecond above 0'],
  [{ failureRate: 2 }, 'a failureRate from 0 to 1'],
  [{ stall: { afterMs: 0, stallMs: 10, periodMs: 10 } }, 'a stall.periodMs longer than stall.stallMs'],
] as const)('%j is impossible', async ([options, expected]) => {
  await expect(start(options)).rejects.toMatchObject({ code: 'CB_PLUGIN_OPTIONS', expected })
})
