import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { bufferFunction } from '../src/workloads/buffers.ts'
import { expectCountedCalls } from './fixtures/batches.ts'

test.each(['pool', 'alloc', 'allocUnsafe'])(
  '%s is the operation, and every call is counted',
  async (source) => {
    await expectCountedCalls('buffers', `buffers ${source}`, { source })
  },
)

test('a pool hands out the same buffers again', async () => {
  const { call } = bufferFunction(await parse(driver, { held: 3, size: '10KB' }, 'buffers'))
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < 1_000; count++) call()
  // new buffers would have taken 30 MB
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
})
