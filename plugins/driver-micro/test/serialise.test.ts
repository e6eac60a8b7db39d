import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { bufferFunction } from '../src/workloads/buffers.ts'
import { hashFunction } from '../src/workloads/hash.ts'
import { serialiseFunction } from '../src/workloads/serialise.ts'
import { open, parse, send } from './context.ts'

test.each([
  ['serialise', { format: 'json' }, 'serialise json'],
  ['serialise', { format: 'v8' }, 'serialise v8'],
  ['hash', {}, 'hash sha256'],
  ['hash', { algorithm: 'md5' }, 'hash md5'],
  ['buffers', { source: 'pool' }, 'buffers pool'],
  ['buffers', { source: 'alloc' }, 'buffers alloc'],
  ['buffers', { source: 'allocUnsafe' }, 'buffers allocUnsafe'],
])('%s %j runs, and says what it was', async (workload, options, operation) => {
  const tested = await open(workload, { ...options, size: '4KiB', samples: 20 })
  const outcome = await send(tested)
  expect(outcome).toEqual({ name: 'completed', ok: true, operation })
  expect(await send(tested)).toBe(outcome)
  expect(tested.counters['calls']).toBe(40)
  await tested.connection.close()
})

test.each(['json', 'v8'])(
  'what was serialised as %s comes back whole, and as large as asked for',
  (format) => {
    const options = parse('serialise', { format, size: 5_000 }) as never
    const copy = serialiseFunction(options).call()
    const bytes = Buffer.byteLength(JSON.stringify(copy))
    expect(bytes).toBeGreaterThanOrEqual(5_000)
    expect(bytes).toBeLessThan(5_100)
    expect(serialiseFunction(options).call()).toEqual(copy)
  },
)

test('the hash is that of as many bytes as asked for', () => {
  const { call } = hashFunction(parse('hash', { size: 25 }) as never)
  expect(call()).toEqual(createHash('sha256').update('cloudbenchcloudbenchcloud').digest())
})

test('a pool gives out the same buffers again', () => {
  const { call } = bufferFunction(parse('buffers', { held: 3, size: 10_000 }) as never)
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < 1_000; count++) call()
  // anew, it would have been 30 MB
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
})
