import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { serialiseFunction } from '../src/workloads/serialise.ts'
import { expectCountedCalls } from './fixtures/batches.ts'

test.each(['json', 'v8'])('%s is the operation, and every call is counted', async (format) => {
  await expectCountedCalls('serialise', `serialise ${format}`, { format })
})

test.each(['json', 'v8'])('%s returns the whole object, of the configured size', async (format) => {
  const options = await parse(driver, { format, size: '5KB' }, 'serialise')
  const copy = serialiseFunction(options).call()
  const bytes = Buffer.byteLength(JSON.stringify(copy))
  expect(bytes).toBeGreaterThanOrEqual(5_000)
  expect(bytes).toBeLessThan(5_100)
  expect(serialiseFunction(options).call()).toEqual(copy)
})
