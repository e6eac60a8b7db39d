import { createHash } from 'node:crypto'
import { openFlow, parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import { bufferFunction } from '../src/buffers.ts'
import { hashFunction } from '../src/hash.ts'
import driver from '../src/index.ts'
import { serialiseFunction } from '../src/serialise.ts'

test.each([
  ['serialise', { format: 'json' }, 'serialise json'],
  ['serialise', { format: 'v8' }, 'serialise v8'],
  ['hash', {}, 'hash sha256'],
  ['hash', { algorithm: 'md5' }, 'hash md5'],
  ['buffers', { source: 'pool' }, 'buffers pool'],
  ['buffers', { source: 'alloc' }, 'buffers alloc'],
  ['buffers', { source: 'allocUnsafe' }, 'buffers allocUnsafe'],
])('%s %j runs, and says what it was', async (workload, options, operation) => {
  const { open, send, counters } = openFlow(
    driver,
    'micro:',
    { ...options, size: '4KiB', samples: 20 },
    { workload },
  )
  const connection = await open()
  const outcome = await send(connection)
  expect(outcome).toMatchObject({ name: 'completed', ok: true, operation })
  expect(await send(connection)).toBe(outcome)
  expect(counters['calls']).toBe(40)
})

test.each(['json', 'v8'])(
  'what was serialised as %s comes back whole, and as large as asked for',
  async (format) => {
    const options = await parse(driver, { format, size: 5_000 }, 'serialise')
    const copy = serialiseFunction(options).call()
    const bytes = Buffer.byteLength(JSON.stringify(copy))
    expect(bytes).toBeGreaterThanOrEqual(5_000)
    expect(bytes).toBeLessThan(5_100)
    expect(serialiseFunction(options).call()).toEqual(copy)
  },
)

test('the hash is that of as many bytes as asked for', async () => {
  const { call } = hashFunction(await parse(driver, { size: 25 }, 'hash'))
  expect(call()).toEqual(createHash('sha256').update('cloudbenchcloudbenchcloud').digest())
})

test('a pool gives out the same buffers again', async () => {
  const { call } = bufferFunction(await parse(driver, { held: 3, size: 10_000 }, 'buffers'))
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < 1_000; count++) call()
  // anew, it would have been 30 MB
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
})
