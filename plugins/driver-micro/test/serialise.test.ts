import { openFlow, parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { serialiseFunction } from '../src/workloads/serialise.ts'

test.each(['json', 'v8'])('%s is the operation, and every call is counted', async (format) => {
  const { open, send, counters } = openFlow(
    driver,
    'micro:',
    { format, size: '4KiB', samples: 20 },
    { workload: 'serialise' },
  )
  const connection = await open()
  const outcome = await send(connection)
  expect(outcome).toMatchObject({ name: 'completed', ok: true, operation: `serialise ${format}` })
  expect(await send(connection)).toBe(outcome)
  expect(counters['calls']).toBe(40)
})

test.each(['json', 'v8'])('%s returns the whole object, of the configured size', async (format) => {
  const options = await parse(driver, { format, size: '5KB' }, 'serialise')
  const copy = serialiseFunction(options).call()
  const bytes = Buffer.byteLength(JSON.stringify(copy))
  expect(bytes).toBeGreaterThanOrEqual(5_000)
  expect(bytes).toBeLessThan(5_100)
  expect(serialiseFunction(options).call()).toEqual(copy)
})
