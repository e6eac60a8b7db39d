import { expectLoopbackBehaviour } from '@cloudbench/fixtures/drivers/loopback'
import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

test('listens on 127.0.0.1 and answers JSON with the id that was sent', async () => {
  const { target } = await loopbackServer(driver)
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
  const { target } = await loopbackServer(driver)
  const response = await fetch(`${target}/anything`, { method: method!, ...(body !== undefined && { body }) })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ ok: true })
})

expectLoopbackBehaviour({ driver, workloads: ['request'], success: '200', failure: '500' })

test.for([
  [{ capacityPerSecond: 0 }, 'a capacityPerSecond above 0'],
  [{ failureRate: 2 }, 'a failureRate from 0 to 1'],
  [{ stall: { afterMs: 0, stallMs: 10, periodMs: 10 } }, 'a stall.periodMs longer than stall.stallMs'],
] as const)('%j is impossible', async ([options, expected]) => {
  await expect(loopbackServer(driver, options)).rejects.toMatchObject({ code: 'CB_PLUGIN_OPTIONS', expected })
})
