import { expect, test } from 'vitest'
import { serialiseFunction } from '../src/workloads/serialise.ts'
import { open, parse, send } from './context.ts'

test.each(['json', 'v8'])('%s is the operation, and every call is counted', async (format) => {
  const tested = await open('serialise', { format, size: '4KiB', samples: 20 })
  const outcome = await send(tested)
  expect(outcome).toEqual({ name: 'completed', ok: true, operation: `serialise ${format}` })
  expect(await send(tested)).toBe(outcome)
  expect(tested.counters['calls']).toBe(40)
  await tested.connection.close()
})

test.each(['json', 'v8'])('%s returns the whole object, of the configured size', (format) => {
  const options = parse('serialise', { format, size: 5_000 }) as never
  const copy = serialiseFunction(options).call()
  const bytes = Buffer.byteLength(JSON.stringify(copy))
  expect(bytes).toBeGreaterThanOrEqual(5_000)
  expect(bytes).toBeLessThan(5_100)
  expect(serialiseFunction(options).call()).toEqual(copy)
})
