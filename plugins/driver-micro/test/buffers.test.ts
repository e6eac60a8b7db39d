import { expect, test } from 'vitest'
import { bufferFunction } from '../src/workloads/buffers.ts'
import { open, parse, send } from './context.ts'

test.each(['pool', 'alloc', 'allocUnsafe'])(
  '%s is the operation, and every call is counted',
  async (source) => {
    const tested = await open('buffers', { source, size: '4KiB', samples: 20 })
    const outcome = await send(tested)
    expect(outcome).toEqual({ name: 'completed', ok: true, operation: `buffers ${source}` })
    expect(await send(tested)).toBe(outcome)
    expect(tested.counters['calls']).toBe(40)
    await tested.connection.close()
  },
)

test('a pool hands out the same buffers again', () => {
  const { call } = bufferFunction(parse('buffers', { held: 3, size: 10_000 }) as never)
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < 1_000; count++) call()
  // new buffers would have taken 30 MB
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
})
