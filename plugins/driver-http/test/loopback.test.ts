import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { opened } from './opened.ts'
import { send } from './slot.ts'

async function start(options: LoopbackOptions = {}): Promise<Loopback> {
  const loopback = await driver.loopback!(options)
  onTestFinished(() => loopback.close())
  return loopback
}

test('it listens on 127.0.0.1 and answers JSON with the id that was sent', async () => {
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

test('the driver runs against it', async () => {
  const { target } = await start()
  const { connection, bytes } = await opened(target, {}, { workload: 'json-api' })
  for (let index = 0; index < 10; index++)
    expect(await send(connection, { index })).toMatchObject({ name: '200', ok: true })
  const size = '{"id":"00000000-0000-4000-8000-000000000000"}'.length
  expect(bytes).toEqual({ sent: 10 * size, received: 10 * (size + ',"ok":true'.length) })
})

test('failures are answers with status 500', async () => {
  const { target } = await start({ failureRate: 0.25 })
  const { connection } = await opened(target)
  const names: string[] = []
  for (let index = 0; index < 8; index++) names.push((await send(connection)).name)
  expect(names).toEqual(['200', '200', '200', '500', '200', '200', '200', '500'])
})

test('a delay is at least what was asked for', async () => {
  const { target } = await start({ delayMs: 30 })
  const { connection } = await opened(target)
  const startMs = performance.now()
  await send(connection)
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(29)
})

test('a server that dies ends what is on the way and takes no more', async () => {
  const { target } = await start({ dieAfterMs: 100, delayMs: 60_000 })
  const { connection } = await opened(target)
  await expect(send(connection)).rejects.toMatchObject({
    code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) as string,
  })
  await expect(opened(target)).rejects.toMatchObject({ code: 'CB_CONNECT' })
})

test('close ends open connections, and may be called again', async () => {
  const loopback = await start({ delayMs: 60_000 })
  const { connection } = await opened(loopback.target)
  const waiting = send(connection)
  const [, answer] = await Promise.allSettled([loopback.close(), waiting])
  expect(answer.status).toBe('rejected')
  await loopback.close()
})

test('a port that is taken is refused', async () => {
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
